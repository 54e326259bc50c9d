"""Every way to write a case."""

from anju.foundation.flows.actions.adapting import adapt
from anju.foundation.flows.actions.breaches import explain
from anju.foundation.flows.actions.handing_over import hand_over
from anju.foundation.flows.actions.joining import follow, part
from anju.foundation.flows.actions.opening import open_case
from anju.foundation.flows.actions.opening_many import NewCase, open_many
from anju.foundation.flows.actions.showing import add_photos
from anju.foundation.flows.actions.staffing import assign, claim
from anju.foundation.flows.actions.steps import move, note
from anju.foundation.flows.actions.supervision import go_on, pause, reclass

__all__ = [
    "NewCase",
    "adapt",
    "add_photos",
    "assign",
    "claim",
    "explain",
    "follow",
    "go_on",
    "hand_over",
    "move",
    "note",
    "open_case",
    "open_many",
    "part",
    "pause",
    "reclass",
]

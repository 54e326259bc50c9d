"""The lifecycle of configuration: draft → lint → simulate → second person → release → newer release or rollback."""

from anju.foundation.publishing.actions.drafts import (
    discard,
    keep_finding,
    rebase,
    save_draft,
    simulate_draft,
    start_draft,
    submit,
)
from anju.foundation.publishing.actions.releases import call_off, roll_back
from anju.foundation.publishing.actions.reviews import approve, recall, reject

__all__ = [
    "approve",
    "call_off",
    "discard",
    "keep_finding",
    "rebase",
    "recall",
    "reject",
    "roll_back",
    "save_draft",
    "simulate_draft",
    "start_draft",
    "submit",
]

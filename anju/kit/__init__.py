"""Words the whole house shares; no Django, no database.

Money, Period, Actor, Refused and the clock's types live here.
"""

from anju.kit.actor import Actor
from anju.kit.money import ZERO, Money
from anju.kit.period import Period
from anju.kit.refusal import Refused

__all__ = ["ZERO", "Actor", "Money", "Period", "Refused"]

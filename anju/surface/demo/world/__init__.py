"""An invented company for the demo: places, people, who rents what from when to when, who pays when.

Pure and seeded: the same seed gives the same company. Shares and prices are the operator's estimates in the project's
notes on demo data, not published figures. Names, phones and addresses are invented.
"""

from anju.surface.demo.world.habits import PayHabit, pay_plan
from anju.surface.demo.world.people import Tenant, tenants
from anju.surface.demo.world.places import demo_places
from anju.surface.demo.world.rooms import RoomNews, plan_reservations, plan_rooms
from anju.surface.demo.world.stays import Stay, plan_stays

__all__ = [
    "PayHabit",
    "RoomNews",
    "Stay",
    "Tenant",
    "demo_places",
    "pay_plan",
    "plan_reservations",
    "plan_rooms",
    "plan_stays",
    "tenants",
]

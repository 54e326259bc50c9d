"""Who may look at the business as a whole."""

from anju.foundation.access import permission

VIEW = permission("cockpit.view", zh="查看驾驶舱", en="View the cockpit", roles=("manager", "finance"))

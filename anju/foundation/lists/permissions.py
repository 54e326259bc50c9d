"""Rights over views of lists."""

from anju.foundation.access import permission

STAFF = ("manager", "finance", "service", "maintenance", "risk")
KEEP = permission("lists.view.keep", zh="保存自己的列表视图", en="Keep own views of lists", roles=STAFF)
SHARE = permission("lists.view.share", zh="把列表视图给所有人用", en="Share views of lists", roles=("manager",))

"""Rights over imports."""

from anju.foundation.access import permission

RUN_IMPORTS = permission("imports.import.run", zh="导入数据", en="Import data", roles=("manager",))

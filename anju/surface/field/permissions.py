"""Who works with the field app."""

from anju.foundation.access import permission

USE = permission("field.app.use", zh="用师傅手机", en="Use the field app", roles=("maintenance",))

"""Rights over masked calls."""

from anju.foundation.access import permission

CALL = permission(
    "calls.number.bind",
    zh="通过隐私号联系",
    en="Call through a masked number",
    roles=("maintenance", "service", "manager", "tenant"),
)
PHONE = permission(
    "calls.phone.enter",
    zh="登记自己接打隐私电话的手机号",
    en="Enter one's own phone for masked calls",
    roles=("maintenance", "service", "manager"),
)
CONFIGURE = permission("calls.service.configure", zh="配置隐私号服务", en="Configure masked calls", roles=())
RUN = permission("calls.receipt.record", zh="接收通话回执", en="Receive call receipts", roles=())
PHONES = permission("calls.phone.manage", zh="登记同事的呼叫手机", en="Enter colleagues' phones", roles=("manager",))

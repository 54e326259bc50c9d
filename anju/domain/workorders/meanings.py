"""What the words of a report are about: a place, a thing, or what is wrong with it; and which troubles travel.

The words are the ones synonym groups begin with (``policies.SYNONYMS``). A word that is in no list here may still be
shared by two reports, but never tells them apart.
"""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """Words written one after the other."""
    return frozenset(text.split())


PLACES = listed("厨房 卫生间 卧室 客厅 阳台 门口 楼道")
PUBLIC = "楼道"
# What belongs to one home: broken in two homes, it is two things.
OWN = listed(
    "马桶 水龙头 花洒 洗手盆 水槽 热水器 净水器 小厨宝 空调 洗衣机 冰箱 油烟机 燃气灶 微波炉 电视 路由器 "
    "遥控器 灯 插座 开关 门锁 大门 房门 门铃 门卡 窗户 纱窗 窗帘 玻璃 床 床垫 衣柜 橱柜 桌子 椅子 沙发 茶几 "
    "抽屉 鞋柜 晾衣架 推拉门 淋浴房 浴霸 排气扇 镜子 镜前灯 马桶盖 毛巾架 浴帘 猫眼 报警器 滤芯 燃气表 密码 "
    "蟑螂 老鼠 白蚁 地板"
)
# What homes share, or what stands between them.
SHARED = listed(
    "水管 角阀 地漏 天花板 墙 瓷砖 暖气 烟道 电梯 单元门 对讲 快递柜 充电桩 垃圾 消防 扶手 摄像头 路灯 "
    "烘干机 开水机 地下室 杂物"
)
THINGS = OWN | SHARED
# Says little: two things that are broken are not one thing.
VAGUE = listed("坏")
OUTAGES = listed("停水 停电 停气 断网 没热水 不热 水压低 黄水 煤气味 火情")
TROUBLES = OUTAGES | VAGUE | listed(
    "松动 漏风 漏水 堵塞 反水 积水 臭味 跳闸 冒火花 漏电 不制冷 不制热 不排烟 打不着火 不加热 不脱水 不进水 "
    "打不开 关不上 没电 掉落 断裂 破损 发霉 起翘 噪音 忽冷忽热 异常响 困人 倒烟 漏油 生锈 闪烁 丢失 不合"
)  # fmt: skip
# Different words for what may be one trouble of one thing, and for one thing.
KIN = (
    listed("漏水 积水 反水"),
    listed("堵塞 反水 积水"),
    listed("掉落 断裂 破损 松动"),
    listed("没热水 打不着火 不热"),
    listed("门锁 房门 大门"),
    listed("墙 瓷砖"),
)
# A home has one of it, wherever it is said to stand.
ONLY_ONE = listed("洗衣机 冰箱 热水器 油烟机 微波炉 路由器 报警器")
# Things that an outage shows in: naming one does not make it one home's own trouble.
SHOWN_IN = {
    "停水": listed("水龙头 马桶 水槽 洗手盆"),
    "停电": listed("灯 冰箱 电视"),
    "水压低": listed("水龙头 花洒 热水器"),
    "黄水": listed("水龙头 马桶 洗手盆"),
    "没热水": listed("水龙头 花洒"),
    "停气": listed("燃气灶 热水器"),
}
# Water and smell go along the pipes from floor to floor.
WATER = listed("漏水 反水 积水")
ALONG_PIPES = listed("反水 臭味 倒烟")
# Said of water that comes from, or goes to, another home.
ELSEWHERE = listed("天花板 楼上 楼下 主管道")
# Signs that one line of pipes is blocked, whichever home it shows in.
PIPE = listed("反水 堵塞 积水 漏水")

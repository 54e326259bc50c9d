"""What a report can be about: things by the many words people have for them, and the rooms they stand in.

A line is a thing's mark and its words. The longest word wins at each place of a text (热水器 is no 水), so a short word
may stand here although longer ones contain it.
"""

from __future__ import annotations


def table(text: str) -> dict[str, tuple[str, ...]]:
    """Lines of a mark and its words."""
    return {line.split()[0]: tuple(line.split()[1:]) for line in text.strip().splitlines()}


# Belongs to one home: broken in two homes, it is two things.
OWN = table("""
ac 空调 冷气机 中央空调 新风 新风口 出风口 内机 外机 挂机 柜机 分体机 风管机 冷凝水 冷凝管
heater 热水器 热水炉 壁挂炉 电热水器 燃气热水器 小厨宝 热水宝 厨宝
toilet 马桶 坐便 坐便器 座便 座便器 便池 蹲便 蹲坑 抽水 水箱 座厕 恭桶 冲水箱 小便池 小便斗
toiletlid 马桶盖 马桶圈 盖板 坐圈 坐便圈 马桶盖板
tap 龙头 水龙头 水嘴 水喉 混水阀 水咀 龙头把手 热水龙头
shower 花洒 淋浴头 喷头 淋浴喷头 莲蓬头 淋浴器 花洒头 淋浴软管
showerroom 淋浴房 淋浴间 洗澡间 淋浴门 淋浴房门 浴房 浴帘
basin 洗手盆 台盆 面盆 洗脸盆 洗手池 洗脸池 洗手台 洗漱台 脸盆 面池 洗面盆 洗漱池
sink 水槽 洗菜池 洗碗池 洗菜盆 洗碗盆 水池 星盆 菜盆 菜池 洗碗那池子 洗菜那池子 洗涤槽 水盆 池子
bathtub 浴缸
drain 地漏 下水口 排水口
purifier 净水器 净水机 滤水器 过滤器 滤芯 净水 直饮机 前置过滤器
dishwasher 洗碗机
washer 洗衣机 洗衣 洗衣服 衣服洗 洗的衣服 甩干 甩不干 脱水 不脱水 烘洗机 滚筒
fridge 冰箱 冰柜 雪柜 冷藏 冷冻 冷藏室 冷冻室 冻柜
hood 油烟机 抽烟机 烟机 抽油烟机 吸油烟机
stove 燃气灶 煤气灶 灶 灶台 灶头 炉头 煤气炉 燃气炉 灶眼 打火灶 炉灶 炉子 灶具
inductor 电磁炉 电陶炉
microwave 微波炉 光波炉
oven 烤箱
kettle 电水壶 热水壶 电饭煲 电饭锅
tv 电视 电视机 机顶盒 投影 投影仪
remote 遥控 遥控器
router 路由器 路由
netport 网线 网口 网线口 网络接口 电话线
light 灯 灯泡 灯管 吸顶灯 顶灯 吊灯 大灯 照明 筒灯 射灯 灯带 日光灯 节能灯 灯具
bedlamp 床头灯 台灯 壁灯
mirrorlight 镜前灯 镜子上的灯 镜灯
yuba 浴霸 取暖灯 取暖的灯 取暖那个灯 暖风机 风暖 灯暖
fan 排气扇 换气扇 排风扇 抽风机 排风 抽风 换气 排气 抽风扇 风扇 吊扇
socket 插座 墙插 插口 插孔 插排 插板 电源 五孔
switch 开关 按钮 面板
lock 密码 锁 门锁 锁芯 钥匙 指纹 指纹锁 密码锁 智能锁 电子锁 刷卡 门卡 房卡 锁舌 锁扣 反锁 锁匙 锁孔
frontdoor 大门 入户门 防盗门 家门 进户门
roomdoor 房门 卧室门 房间门 卫生间门 厕所门 门把手 门把 厨房门 浴室门 洗手间门 门合页 木门 室内门
slidedoor 推拉门 移门 滑门 阳台门 折叠门 玻璃门 趟门
door 门 门框 门轴 门板
bell 门铃 可视门铃
peephole 猫眼
window 窗 窗户 窗子 飘窗 窗台 窗边 窗框 窗把手 窗门 玻璃窗 天窗
screen 纱窗 纱门 窗纱 纱网
glass 玻璃 窗玻璃
curtain 窗帘 窗帘杆 窗帘轨道 百叶 帘子
bed 床 床板 床架 床腿 床脚 床箱 横梁 床铺 排骨架
mattress 床垫 弹簧床垫
wardrobe 衣柜 柜门 衣柜门 衣橱 柜子门
cabinet 橱柜 吊柜 地柜 橱柜门 柜子 厨柜 碗柜
bathcabinet 浴室柜 镜柜 洗手柜 台盆柜
shoes 鞋柜
counter 台面 橱柜台面 灶台面 石台 台子 石头台 操作台 大理石
drawer 抽屉 床头柜
table 桌子 书桌 餐桌 桌 桌腿 饭桌 写字台 电脑桌
chair 椅子 凳子 椅 凳
sofa 沙发
teatable 茶几
shelf 书架 置物架 书柜 隔板 层板 刀架
rack 晾衣架 晾衣杆 晾衣机 晾衣 晾衣绳 晒衣架 晾杆 晒衣杆
mirror 镜子 镜 浴室镜
towel 毛巾架 挂毛巾 毛巾杆 毛巾
floor 地板 木地板 踢脚线 强化地板
gasmeter 燃气表 煤气表 气表
alarm 烟感 报警器 烟雾报警器 燃气报警器 煤气报警器 烟雾报警 烟感器
fishtank 水族箱 鱼缸
pests 蟑螂 小强 虫子 飞虫 蚂蚁 白蚁 虫 臭虫 跳蚤 曱甴 偷油婆 小飞虫
mouse 老鼠 耗子 鼠
""")
# Homes share it, or it stands between them.
BETWEEN = table("""
pipe 水管 管子 管道 下水管 软管 角阀 三角阀 接头 接口 阀门 总阀 下水道 下水 排水管 进水管 水阀 热水管 落水管 雨水管 水管子 主管 立管
ceiling 天花板 天花 吊顶 顶棚 屋顶 房顶 顶上 楼板 扣板 顶角 天棚 顶板 楼顶 屋子顶 头顶 顶子 灯洞
wall 墙 墙面 墙角 墙壁 墙皮 墙纸 外墙 壁纸 墙体
tile 瓷砖 墙砖 砖 砖缝
floortile 地砖 地面砖 台阶 地坪 地面
heating 暖气 暖气片 地暖 供暖 采暖 分水器 散热片 地热 地板采暖 暖气管 暖气管道 供热 暖 散热器
smoker 抽烟 吸烟
flue 烟道 公共烟道 烟道口 排烟道
""")
# Nobody's home: stairs, lift, yard. ``hall`` and ``lobby`` are where, not what.
PUBLIC = table("""
lift 电梯 货梯 客梯 轿厢 升降机 扶梯 梯门 坐梯 电梯门
entrance 单元门 门禁 楼下大门 一楼大门 大堂门 人脸识别 刷脸 闭门器 楼门 单元门禁 门禁卡 楼下的门 大厅门 单元大门 防火门
intercom 对讲 对讲机 楼宇对讲 呼叫 可视对讲
halllight 声控灯 感应灯 楼道灯 走廊灯 过道灯 走廊的灯 楼道的灯 过道的灯 楼梯灯
firealarm 消防警报 火警 警报 警铃 火警铃 消防报警 消防铃
hydrant 消防栓 消防管 消防箱 消火栓 喷淋
firedoor 安全出口 消防通道 安全门
parcel 快递柜 丰巢 丰巢柜 外卖柜
charge 充电桩 充电棚 充电站 充电柜
bikeshed 车棚 自行车棚 单车棚
trash 垃圾 垃圾桶 垃圾站
clutter 杂物 纸箱 堆 鞋架
rail 扶手 栏杆 护栏
camera 摄像头 监控
streetlight 路灯
dryer 烘干机 干衣机
boiled 开水机 开水 饮水机 打开水
basement 地下室 车库 负一层 地库 负一楼
powerroom 配电房 配电室 配电间 机房 泵房 水泵房
sign 小广告 广告
mailbox 信箱 信报箱
ebike 电动车 电瓶车 电单车 自行车 单车 摩托车 共享单车
gate 道闸 闸机 车闸 抬杆 杆子
""")
ROOMS = table("""
@kitchen 厨房 灶间 厨屋
@bath 卫生间 厕所 洗手间 浴室 淋浴 洗澡 卫浴 茅房 茅厕 冲凉房 冲凉 主卫 次卫 洗头 公厕
@main 主卧 大卧室
@second 次卧 小卧室 儿童房 书房
@living 客厅 饭厅 餐厅
@room 卧室 房间 单间 屋里
@balcony 阳台 露台
@entry 玄关 门口 门厅
""")
HALLS = table("""
hall 楼道 走廊 楼梯间 楼梯 过道 走道 公区 公共 通道 楼层
lobby 大厅 大堂 前台 门厅大堂 首层
""")
# Words that hold another word without meaning it.
NOTHING = table("""
- 红灯 绿灯 指示灯 信号灯 电表 水表 对门 出门 上门 找上门 部门 专门 敲门 门外 柜台 水平 床单 铃声 灯光 热门 楼门口 单元门口 窗口期 管家 管理 主管部门 接口电话
""")
THINGS: dict[str, tuple[str, ...]] = OWN | BETWEEN | PUBLIC
# A home has one of it: where it is said to stand does not matter.
ONLY_ONE = frozenset(
    [
        "washer",
        "fridge",
        "heater",
        "hood",
        "microwave",
        "oven",
        "router",
        "alarm",
        "stove",
        "pests",
        "mouse",
        "heating",
        "yuba",
        "rack",
        "gasmeter",
        "dishwasher",
        "inductor",
        "purifier",
        "bell",
        "peephole",
        "frontdoor",
        "tv",
        "toilet",
        "remote",
    ]
)
# Something like it stands in most rooms: without the room it is not clear which one is meant.
SPOT_ROOMS = {
    "entry": "@entry", "bath": "@bath", "kitchen": "@kitchen", "bedroom": "@room", "balcony": "@balcony",
    "门口": "@entry", "卫生间": "@bath", "厨房": "@kitchen", "卧室": "@room", "阳台": "@balcony",
}  # fmt: skip

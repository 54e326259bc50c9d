"""What a report says, in marks: the things it names, what is wrong, in which room, and how far it reaches. Pure.

The rules think in domains and in parts of words of one to three characters, not in sentences anybody was seen to write:
wherever water runs one of 漏 渗 淹 湿 is said, whatever stands around it. Marks are stored among an order's terms; they
begin with ``~`` and are not for reading.
"""

from __future__ import annotations

import re
from functools import lru_cache

from anju.domain.workorders.things import HALLS, ROOMS, SPOT_ROOMS, THINGS

MARK = "~"
WEAK = "~?"  # a thing that says where, not what: 水槽下面, 滴在床上
# Said beside the point: what is fine, the telephone's battery, words that hold a sign without meaning it.
ASIDE = re.compile(
    r"手机[^，。,；！]{0,3}(没电|快没电了|可以|正常|能)|[^，。,；！\s]{0,5}(是好的|正常|没问题|没事|没坏|有电|都好)"
    r"|电池(是|也|都)?(新|换|刚)[^，。,；！]{0,3}|[换过了]{1,2}电池|不是(跳闸|开玩笑|玩笑|我家的?)|（[^）]{0,8}玩笑[^）]{0,3}）"
    r"|(?<!不)是不是|味道好|空开机|睡不着?觉?|受不了|用不着|等不及|来不及|吃不消|忍不了|热死个?人?|烦死|吓死|急死|冷死|冻死|累死|臭名|有没有人?|怎么没人|还没人?来?修|没人来|没人(修|管|收)"
)
LEAK = (
    r"漏(?![电气风油斗勺煤天])|渗|[滴嘀][嗒答哒哒搭]|(?<!滴)滴(?!滴)|洇|淌|呲|滋水|喷|飙|水柱|冒水|爆管|爆裂|管.{0,2}爆|[崩爆裂]了.{0,4}水|跑水"
    r"|流水|流出|往[下外里]流|溢|淹|泡[了烂坏发水着]|泡在|湿|进水(?![管阀口])|积水|[满一]地.{0,4}水|(全|都)是水|地上.{0,4}水|水[印渍痕迹]"
    r"|漫|下雨.{0,6}[进漏]|屋里?下雨|屋顶下雨|池塘|水帘|大水|忘.{0,4}关.{0,4}(水|龙头|阀)|防水|洪水|成河|水漫|小河|游泳池|水[泡珠]|[拧关]不[紧死]|关不严.{0,4}水|返潮|潮|黄汤|出水.{0,3}缝|存水|一滩|池塘"
    r"|水.{0,4}(到处|止不住|哗哗)|哗哗|往下水"
)
# sign → what says it
TROUBLES: dict[str, str] = {
    "leak": LEAK,
    "clog": r"堵(?!心)|不通(?!电|气|网)|不下水|下水.{0,4}(慢|不行|不畅)|下得.{0,2}慢|下不去|冲不[下走掉动]|排不[出下走掉]|[流走]不[走下掉动]|不走水|水不走"
    r"|疏通|通一?下|通马桶|半天.{0,2}下|不排水|淤|塞住|水.{0,3}不下|水慢|下不了|不畅|下水慢|下的.{0,2}慢|漫上|不出去.{0,3}水|塞咗|放水就满",
    "back": r"[返反]水|往?[返反翻涌冒顶漫]上|往[上外][返反翻冒涌]|上[返反翻]|倒灌(?!.{0,3}[烟味])|倒流|翻水|冒[脏臭污黑]?水出|冒[脏臭污黑]水|冒出来|冒泡|涌|满出|满了|溢出"
    r"|(池|漏|桶|管|盆).{0,4}冒水|水从.{0,8}(池|漏|桶|盆|口).{0,4}(出|冒)|咕噜|下水.{0,4}[返反]|返上|呲脏|油花",
    "nowater": r"停水|没水(?!.{0,2}上来)|断水|不来水|冇水|没有水|没得水|水(龙头|管|嘴)?.{0,6}(不出|没出|不来|打不出|放不出|出不来|没有?)水|不出水|一滴水都"
    r"|水(又|都|给|全)?停|来水|没自来水|没了水|水没了|滴水没有",
    "lowpress": r"水压|水[流很太特好也有]{0,3}(别|点)?小|水流.{0,3}[小细]|水细|出水.{0,3}[小细]|几乎.{0,2}(没|不出)水|压力不|流量小|没压力|像?尿一样",
    "dirty": r"黄水|水.{0,5}(黄|浑|锈|褐|红色|浊|泥|沙)|铁锈|锈水|发黄|自来水.{0,4}(黑|白|脏|味)|沙子",
    "nohot": r"([没无冇]|没有|不[出来]|出不来|断了?)热水|热水.{0,6}(没|停|不[来出热]|凉|冇|断)|(洗澡|淋浴|出来).{0,5}[凉冷冰]|水.{0,6}(冰[冷凉的]|凉|冷的?|不.{0,2}热|没温)"
    r"|[冷凉冰]水(?!机)|热水器.{0,5}不热|烧不热|不出热|水温|热水管.{0,8}凉|锅炉",
    "unsteady": r"忽[冷热].{0,2}[热冷]|一?[会下]儿?.{0,2}[烫热冷凉].{0,3}一?[会下]儿?.{0,2}[冷凉烫热]|时冷时热|[凉冷]水?[，了又].{0,8}[烫热]|[烫热]水?[，了又].{0,8}[凉冷]|时[烫热]时|水温.{0,4}(不稳|乱)",
    "nopower": r"[停没断冇缺]了?电|没有电|没得电|没来电|电(都|又|也|给|全|突然|怎么)?停|(全|都|一片|整栋|漆)黑(?!屏)|都黑|黑灯瞎火|来电|电(就|都|又|突然)?没了?(?=[，。！ ]|$)"
    r"|黑了.{0,3}楼|楼.{0,4}黑",
    "trip": r"跳闸|跳了|跳的|空开|空气开关|电闸|推不上|一.{0,6}就跳|跳电|保险丝|电箱|短路|总闸|掉闸",
    "volt": r"电压|忽明忽暗|忽亮忽|一[会下]儿?[亮明].{0,4}[暗灭]|时[亮明]时|忽闪",
    "spark": r"火花|打火(?!.{0,3}[不没])|[烧糊焦]|啪.{0,3}[一声响]|冒烟|滋滋|电线",
    "shock": r"漏电|触电|[发手电]麻|麻[手了一人]|被电|电一下|电[人到]|带电|电了我?一?下",
    "fire": r"冒.{0,2}烟|(?<!不)着火|起火|失火|有烟|[烧焦糊].{0,4}味|火味|火灾|明火|浓烟|烟雾(?!报)|烧.{0,3}(胶|皮|塑料)",
    "nogas": r"停了?[煤燃]?气|(没|没有|断|冇|停)了?(煤气|燃气|天然气)(?!味|漏)|(?<!暖)气(又|都|给|也)?停|(燃气|煤气|天然气)(?!表|灶|热|报|炉).{0,4}(没|停|断)(?!.{0,2}电)"
    r"|(?<!冷)(?<!天然)(没有?|断了?|冇)气(?!味)",
    "gassmell": r"(煤气|燃气|天然气|瓦斯).{0,4}(味|臭)|漏(煤|燃)?气|[煤燃]气.{0,4}(漏|泄)|泄漏|臭鸡蛋",
    "nonet": r"(没|断|没有|冇|掉|崩)了?网|网(又|全|也|都|络|速|一直|老是|老|怎么|总|就)?.{0,4}(断|掉|崩|卡|慢|不通|没了|停|瘫|连不|上不|不行|不好|差|没)|上不了?去?网|连不上"
    r"|掉线|(宽带|wifi|无线|光猫|路由|网).{0,8}(没|不|断|掉|红|搜不|闪|慢|卡|坏|故障)|交换机|网络.{0,4}(不|坏|故障)|连网|联网",
    "cold": r"(?:暖|供热|地热|散热片|分水器|采暖).{0,9}(不.{0,3}热|冰|凉|冷|没.{0,2}(温|热)|停|不暖|没循环|没来|度)|[供]暖.{0,4}[停没不]|不.{0,2}热.{0,9}暖|单元不热"
    r"|(?:屋里|家里).{0,3}(冰冷|没暖)|冻.{0,8}暖",
    "nocool": r"不(制冷|冷|凉|够?冷|冻|怎么[冷凉])(?!.{0,2}暖)|不凉快|热风|没冷气|冷气.{0,3}[不没]|[加缺]氟|(三十|3\d|二十[七八九]|2[789])度|化了|不结冰|制冷.{0,3}(差|不|坏)"
    r"|冇冷|热死",
    "noheat": r"不制热|冷风|不出热风|制热.{0,3}(差|不|没|坏)",
    "noheats": r"(加热|烤|热).{0,2}不[了热]|不加热|热不了",
    "noise": r"(?<!不)响(?!应)|吵|(?<!没)(?<!有)声(?!控)音?|噪|嗡|咚|嘎|吱|咣|咔|轰|震|异响|当当|哐|砰|打雷|拖拉机|飞机|敲|闹|扰|呜|抖",
    "ringing": r"滴滴|嘀嘀|(报警|警报|警铃|火警).{0,6}(响|叫|停)|报警|一直.{0,2}叫|乱叫",
    "smell": r"臭|味|骚|尿|难闻|恶心|呛|熏",
    "mould": r"霉|黑斑|返潮|返碱|起泡",
    "peel": r"起皮|墙皮|掉漆|脱皮|掉[墙灰皮渣]|脱落|翘边|剥落|掉灰",
    "bulge": r"翘|鼓|拱起|起拱|变形|凸",
    "stuck": r"打不开|开不[了开动]|不开|拉不[开动]|推不?[开动]?不?[开动]|拧不?[动开]|转不[动了]|难转|卡[住死壳了](?!顿)|卡(?=，|$)|进不?[去来]|反锁|锁死|门外|刷不|不认|识别不|识别失"
    r"|插不|失灵|摇不动|动不了|下不来|上不去(?!网)|不升|升降",
    "shut": r"关不[上严紧住拢了掉]|合不[上拢]|锁不[上住了]|关门|敞|蹭|闭不|下沉|关不|漏风|灌风|缝隙",
    "loose": r"松|晃|(?<!停)摇(?!不)|掉(?![线漆电网闸])|脱(?!水|皮)|歪|塌|陷|垮|散架|倒了|散了|要倒|砸|合页|铰链|吊着|滑轨|滑轮|轨道|轮子|腿",
    "broken": r"断(?![网电水气了电]{1,2})|裂|破|碎|烂|洞|缝(?!隙)|豁|炸|崩了|弯",
    "dark": r"不[亮着]|灭|憋|瞎|暗|看不见|闪|烧了|接触|黑(?!屏|水|斑|霉|臭|黢)|忽明|乌漆",
    "dead": r"坏|没反应|不动|不转|不工作|失灵|不灵|用不了|故障|罢工|歇菜|挂了|没用|打不开|不启动|不了机|黑屏|[ef]\d|不显示|没声音|没画面|不响|废|死机|停运|停了"
    r"|不好使|不能用|用不成|不运|没动静|毛病|失效|停在|不走|乱跑|不停|冲过|不行|开不了|不出|没劲|没效果|跟没|不好用|问题|不对|怪|不正常|异常|失控|抽风|瘫|趴窝|报废|歇|不干活|动弹|拉胯|不顶|没啥|没用|不给力|听不|不能|停机|不来|没啥反应|没了|自己停|夹|没电|散",
    "nospin": r"甩不|不?脱水|甩干|桶不转|拧不干|滴着水|不甩",
    "nosuck": r"不吸|吸力|吸不|满屋.{0,3}烟|抽不|排不出烟|不排烟|吸烟.{0,2}差",
    "noignite": r"[打点]不[着燃了]火?|没有?火(?!警)|不着(?!急)|不点火|点火|火.{0,2}[小弱]|打火.{0,3}[不没]|一边.{0,2}火|点唔着|打不出火",
    "fumes": r"[倒串窜]烟|烟.{0,6}[灌窜返回串]|灌.{0,4}[烟味]|烟道.{0,6}(味|烟)|油烟味|炒菜.{0,2}味|油烟从",
    "trapped": r"困|关着人|关在(电梯|里)|被关|有人.{0,6}(拍门|按铃)|出不来.{0,4}梯",
    "lost": r"丢|忘带|忘了|补一?张|找不到|配.{0,2}[钥卡]",
    "pest": r"蟑螂|小强|老鼠|耗子|虫|白蚁|蚂蚁|消杀|灭鼠|曱甴|偷油婆",
    "litter": r"没人[收清扫]|堆|小广告|杂物|垃圾|放鞋|占",
    "stain": r"[印斑圈渍].{0,4}|发黄|黄[了的斑印]",
    "runon": r"(一直|不停|哗哗|老是?).{0,3}(流水?|补水|上水|走字|出水)|停不下|长流|水表.{0,3}走|哗哗|流水声",
    "always": r"一直亮|常亮|白天.{0,6}亮|不灭|灭不了|关不掉.{0,2}灯",
    "spillpipe": r"爆管|爆裂|管.{0,3}[爆崩]|喷|水柱|裂.{0,8}水|(全|都)是水|淹|泡|漫|跑水|满地|一地.{0,3}水|到处",
}  # fmt: skip
# How far it reaches.
HINTS: dict[str, str] = {
    "all": r"整[栋个层幢座条楼]|全[楼层栋小]|(隔壁|对门|邻居|对面|室友).{0,8}(也|都|一样|没)|楼上楼下|上下(楼|都|也|几)|几[家户]|家家|大家|都这样|(也|都)(是|这|一)?样|成栋|(楼下|楼上|别人?家).{0,4}(也|都|没)|各家|多户|片区|小区|群里|群都"
    r"|集中供|这一趟|单元.{0,3}[都不]|公寓|物业|宿舍",
    "above": r"(顶|天花|楼板|扣板|灯洞|通风口|头上|屋).{0,12}([漏渗滴洇湿淌]|水|下雨|汤)|楼上|上面(?!.{0,2}[锁盖])|从上往下|往下[漏滴渗流淌水]|滴下来|漏下来|渗下来|灯.{0,3}(进水|里.{0,3}水)"
    r"|水.{0,3}从上|从(灯|顶|上)",
    "below": r"楼下(?!大门|的?门|门禁|垃圾|广场|外卖|按|供|配|快递)|渗下|漏下去|流到下|漏到(他|人)家",
    "only": r"就(我|他|这|那|床|客|卧|厨|一)[^，。]{0,4}|只有我|我(这|那)?(房间|屋)|单间|欠费|别的(房间|屋)|隔壁有|吹风机|一开.{0,3}就跳|一插|密码(不|忘|改|错)|卧室那",
    "cause": r"玩具|头发|菜叶子?堵|纸巾|小孩扔|掉进|塞了|扔了",
}  # fmt: skip
# Things that are said in other ways than by a name.
IMPLIED: dict[str, str] = {
    "mirrorlight": r"镜.{0,4}灯",
    "yuba": r"取?暖.{0,4}灯|浴.{0,2}霸",
    "washer": r"衣服?.{0,6}(洗|甩|桶)|甩.{0,2}干|[洗甩]衣|洗的?被",
    "ac": r"氟|冷气|外头的机|[制吹].{0,2}冷气",
    "lock": r"刷.{0,4}(门|锁|开)|门.{0,3}(打不开|开不|进不)|锁|进不去屋|钥匙",
    "toilet": r"冲厕|厕所.{0,5}[冲堵漫溢]|[冲拉].{0,4}屎|马桶",
    "stove": r"[打点]不[着燃]火|火.{0,2}[打点]不|打不[了出]火|[炒做煮]不了?[菜饭]",
    "hood": r"[炒做].{0,3}[菜饭].{0,6}烟",
    "lift": r"停在.{0,4}[楼层]|爬.{0,6}[楼层]|轿|升降梯",
    "entrance": r"自动门|(楼下|一楼|大堂|大厅|单元).{0,4}门(?!口|外)|刷脸|门禁",
    "intercom": r"访客.{0,6}[叫呼上]|呼.{0,3}(我家|不响|不通)",
    "firealarm": r"消防.{0,5}[叫响喇]|火警|警报.{0,6}响",
    "parcel": r"取不?了?出?件|快递.{0,3}柜|取快递",
    "pests": r"蟑|虫|蚁",
}
# The same in other mouths: dialect, older characters, slips of the keyboard.
OTHERWISE = {
    "唔": "不", "冇": "没", "咗": "了", "勿": "不", "弗": "不", "莫得": "没有", "没得": "没有", "木有": "没有", "冒得": "没有",
    "么得": "没有", "無": "没", "沒": "没", "開": "开", "關": "关", "壞": "坏", "燈": "灯", "電": "电", "門": "门", "鎖": "锁",
    "熱": "热", "氣": "气", "響": "响", "網": "网", "樓": "楼", "廁": "厕", "濕": "湿", "滲": "渗", "頂": "顶", "廚": "厨",
    "間": "间", "調": "调", "機": "机", "爐": "炉", "櫃": "柜", "斷": "断", "開關": "开关", "馬": "马", "龍頭": "龙头",
    "wi-fi": "wifi", "跳匝": "跳闸", "自来水": "水", "啥子": "什么", "咋": "怎么", "洗手间": "卫生间",
}  # fmt: skip
NORMAL = re.compile("|".join(sorted(map(re.escape, OTHERWISE), key=lambda w: -len(w))))
DIGITS = "零一二三四五六七八九"
FLOOR = re.compile(r"(?<!上|下)(负?[0-9]{1,2}|[一二三四五六七八九十]{1,3})[楼层](?!的人)")
WHERE_AFTER = re.compile(
    r"^(?:的|那|正|门)?(?:旁边?|边上|边(?!缘)|底下|下面|下边|下头|里面|里头|里边|里|内(?!机)|上面|上方|后面|后头|那边|那里|附近|周围|上(?![不水升]))"
)
WHERE_BEFORE = re.compile(r"(?:[到在从往]|顺着|进了?)(?:了|我家?|的)?$")
NOT_A_PLACE = frozenset("ceiling lift heating wall pipe drain halllight hydrant tv".split())


@lru_cache(maxsize=1)
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    marks = {w: mark for group in (THINGS, ROOMS, HALLS) for mark, words in group.items() for w in words}
    words = sorted(marks, key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, words))), marks


@lru_cache(maxsize=1)
def _signs() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((mark, re.compile(rule)) for mark, rule in (TROUBLES | HINTS).items())


@lru_cache(maxsize=1)
def _implied() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((mark, re.compile(rule)) for mark, rule in IMPLIED.items())


def marks(said: str, spot: str = "") -> tuple[str, ...]:
    """The marks of a report, sorted.

    Args:
        said: what was written, in small letters.
        spot: the room that was chosen, as it is called for people; ``楼道`` for stairs and lift.
    """
    text = ASIDE.sub(" ", NORMAL.sub(lambda m: OTHERWISE[m[0]], said))
    found, rooms = set[str](), set[str]()
    pattern, names = _names()
    for hit in pattern.finditer(text):
        mark = names[hit[0]]
        if mark.startswith("@"):
            rooms.add(mark)
        elif mark in HALLS or mark in NOT_A_PLACE:
            found.add(mark)
        elif WHERE_AFTER.match(text[hit.end() : hit.end() + 5]) or WHERE_BEFORE.search(text[: hit.start()]):
            found.add(f"?{mark}")
        else:
            found.add(mark)
    plain = text.replace("地漏", "　").replace("猫眼", " ")
    found |= {mark for mark, rule in _signs() if rule.search(plain)}
    found |= {mark for mark, rule in _implied() if f"?{mark}" not in found and rule.search(plain)}
    if "机子" in text or "机器" in text:
        found.add("machine")
    found |= {f"f{n}" for n in map(_number, FLOOR.findall(text)) if n}
    if spot in SPOT_ROOMS and not rooms:
        found.add(f"spot{SPOT_ROOMS[spot]}")
    if spot == "楼道":
        found.add("public")
    return tuple(sorted(MARK + m for m in found | rooms))


def _number(text: str) -> int:
    """一 or 12 or 十八 as a number; 0 for what is below the ground."""
    if text.isdigit():
        return int(text)
    tens, _, ones = text.rpartition("十")
    if "十" not in text:
        return DIGITS.find(text) if len(text) == 1 else 0
    return max(1, DIGITS.find(tens)) * 10 + max(0, DIGITS.find(ones) if ones else 0)

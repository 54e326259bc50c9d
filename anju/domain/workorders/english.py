"""What tenants write in English, by class: each word with the Chinese one that names the repair for the crew (W-02)."""

from __future__ import annotations

from collections.abc import Iterable

P0 = {
    "no water": "没水", "water is off": "停水", "water cut": "停水", "no power": "没电", "no electricity": "没电",
    "power cut": "停电", "power outage": "停电", "power is out": "停电", "blackout": "停电", "breaker": "跳闸",
    "smell gas": "煤气味", "smell of gas": "煤气味", "smells of gas": "煤气味", "gas leak": "漏气",
    "on fire": "着火", "caught fire": "着火", "is smoking": "冒烟", "smoke com": "冒烟", "electric shock": "触电",
    "got a shock": "触电", "stuck in the lift": "困人", "stuck in the elev": "困人", "trapped": "困人", "burst": "爆管",
}  # fmt: skip
P1 = {
    "leak": "漏水", "drip": "滴水", "seep": "渗水", "no hot water": "没有热水", "clog": "堵塞", "blocked": "堵塞",
    "backs up": "反水", "backing up": "反水", "overflow": "溢水", "flood": "积水", "puddle": "积水",
    "floor is wet": "地上都湿", "spark": "打火花", "locked out": "锁在门外", "can't get in": "进不去门",
    "cannot get in": "进不去门", "door won't open": "打不开门", "lift is stuck": "电梯停", "lift stopped": "电梯停",
    "lift is not work": "电梯停", "lift doesn't work": "电梯停", "elevator is stuck": "电梯停",
    "elevator stopped": "电梯停",
}  # fmt: skip
P3 = {
    "scratch": "划痕", "mould": "发霉", "mold": "发霉", "peel": "起皮", "paint": "掉漆", "crack": "裂缝",
    "stain": "污渍", "bulb": "灯泡", "insect screen": "纱窗", "skirting": "踢脚线", "loose cabinet": "柜门松",
    "fade": "褪色", "fading": "褪色", "warp": "起翘",
}  # fmt: skip
# What things are called, by kind of repair.
NAMES = {
    "heat": ("hot water", "heater", "heating", "radiator", "boiler"),
    "air": ("air con", "air-con", "aircon"),
    "network": ("internet", "router", "broadband"),
    "lock": ("lock", "door", "window", "key", "handle", "insect screen"),
    "power": (
        "power", "electric", "light", "lamp", "bulb", "socket", "outlet", "switch", "breaker", "spark",
    ),
    "appliance": ("fridge", "refrigerator", "washing machine", "oven", "stove", "hob", "microwave", "tv", "gas"),
    "water": (
        "water", "toilet", "drain", "tap", "faucet", "shower", "pipe", "sink", "leak", "drip", "clog", "flood",
    ),
    "wall": (
        "wall", "floor", "tile", "ceiling", "paint", "mould", "mold", "crack", "cabinet", "bed", "table",
    ),
}  # fmt: skip
IN_CHINESE = {**P0, **P1, **P3}


def in_chinese(cue: str) -> str:
    """The word that names the repair in its title: ``leak`` → ``漏水``; other words stand as they are."""
    return IN_CHINESE.get(cue, cue)


def with_english(chinese: str, english: Iterable[str]) -> tuple[str, ...]:
    """The words of a class as shipped, Chinese ones written one after the other."""
    return (*chinese.split(), *english)

"""Drawn photographs: what is broken, the door, what was mended."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

import typst

from anju.foundation.flows.files import Upload

PAGE = '#set page(width: 320pt, height: 240pt, margin: 0pt, fill: rgb("{fill}"))\n'
BASIN = (
    PAGE.format(fill="#8a7d6d")
    + """#place(rect(width: 320pt, height: 46pt, fill: rgb("#c9d2d8")))
#place(dx: 130pt, dy: 46pt, rect(width: 34pt, height: 70pt, fill: rgb("#dfe6ea"), stroke: 2pt + rgb("#9aa7ae")))
#place(dx: 130pt, dy: 104pt, rect(width: 120pt, height: 34pt, radius: 16pt, fill: rgb("#dfe6ea")))
"""
)
COOLER = (
    PAGE.format(fill="#e6e1d6")
    + """#place(dx: 50pt, dy: 46pt, rect(width: 220pt, height: 66pt, radius: 8pt,
  fill: rgb("#fbfbf8"), stroke: 1pt + rgb("#c7c4bb")))
#place(dx: 64pt, dy: 96pt, rect(width: 192pt, height: 7pt, radius: 3pt, fill: rgb("#8b8f90")))
"""
)
SOCKET = (
    PAGE.format(fill="#ddd5c8")
    + """#place(dx: 105pt, dy: 65pt, rect(width: 110pt, height: 110pt, radius: 10pt,
  fill: rgb("#f7f5f0"), stroke: 1pt + rgb("#bdb6a8")))
#place(dx: 142pt, dy: 96pt, rect(width: 7pt, height: 24pt, fill: rgb("#3b3b3b")))
#place(dx: 172pt, dy: 96pt, rect(width: 7pt, height: 24pt, fill: rgb("#3b3b3b")))
"""
)
WALL = (
    PAGE.format(fill="#e9e4d8")
    + """#place(dy: 196pt, rect(width: 320pt, height: 44pt, fill: rgb("#b08a63")))
#place(dy: 186pt, rect(width: 320pt, height: 10pt, fill: rgb("#f4f1ea")))
"""
)
MACHINE = (
    PAGE.format(fill="#cfd4d2")
    + """#place(dx: 70pt, dy: 24pt, rect(width: 180pt, height: 200pt, radius: 8pt,
  fill: rgb("#f4f5f4"), stroke: 1pt + rgb("#a7adab")))
#place(dx: 110pt, dy: 88pt, circle(radius: 50pt, fill: rgb("#5b6a70"), stroke: 8pt + rgb("#d5dad9")))
"""
)
STOVE = (
    PAGE.format(fill="#8f8a83")
    + """#place(dx: 30pt, dy: 60pt, rect(width: 260pt, height: 130pt, radius: 10pt,
  fill: rgb("#2b2f31"), stroke: 2pt + rgb("#b9bec0")))
#place(dx: 58pt, dy: 80pt, circle(radius: 38pt, fill: rgb("#3d4346"), stroke: 7pt + rgb("#777f82")))
#place(dx: 186pt, dy: 80pt, circle(radius: 38pt, fill: rgb("#3d4346"), stroke: 7pt + rgb("#777f82")))
#place(dx: 132pt, dy: 166pt, circle(radius: 8pt, fill: rgb("#d5dad9")))
#place(dx: 172pt, dy: 166pt, circle(radius: 8pt, fill: rgb("#d5dad9")))
"""
)
FLAME = "".join(
    f'#place(dx: {x}pt, dy: 104pt, ellipse(width: 9pt, height: 22pt, fill: rgb("#5aa7f0")))\n' for x in (206, 220, 234)
)
DOOR = (
    PAGE.format(fill="#d9d2c6")
    + """#place(dx: 110pt, dy: 20pt, rect(width: 110pt, height: 220pt,
  fill: rgb("#6b4a33")))
#place(dx: 200pt, dy: 126pt, circle(radius: 6pt, fill: rgb("#d8b25a")))
"""
)
DROPS = "".join(
    f'#place(dx: {x}pt, dy: {y}pt, circle(radius: {r}pt, fill: rgb("#6db3e8")))\n'
    for x, y, r in ((120, 130, 5), (136, 152, 6), (122, 176, 7), (140, 200, 8))
)
STAIN = "".join(
    f'#place(dx: {x}pt, dy: {y}pt, ellipse(width: {w}pt, height: {h}pt, fill: rgb("#4e4a40").transparentize({t}%)))\n'
    for x, y, w, h, t in ((20, 90, 130, 90, 55), (70, 120, 110, 66, 45), (40, 60, 70, 70, 60))
)
BURN = '#place(dx: 128pt, dy: 88pt, ellipse(width: 66pt, height: 54pt, fill: rgb("#2a211b").transparentize(35%)))\n'
CROSS = '#place(dx: 176pt, dy: 102pt, rotate(38deg, rect(width: 52pt, height: 9pt, radius: 4pt, fill: rgb("#c4473c"))))'
POOL = '#place(dx: 84pt, dy: 216pt, ellipse(width: 140pt, height: 16pt, fill: rgb("#5a93b8")))'
NEW = '#place(dx: 124pt, dy: 96pt, rect(width: 46pt, height: 12pt, radius: 4pt, fill: rgb("#3f9b73")))'
SCENES = {
    "leak": BASIN + DROPS + POOL, "door": DOOR, "done": BASIN + NEW, "cooler": COOLER + DROPS, "cooler-done": COOLER,
    "socket": SOCKET + BURN, "socket-done": SOCKET, "stain": WALL + STAIN, "stain-done": WALL,
    "machine": MACHINE + POOL, "machine-done": MACHINE, "stove": STOVE,
    "stove-done": STOVE + FLAME, "lock": DOOR + CROSS, "lock-done": DOOR + NEW,
}  # fmt: skip
BROKEN = {
    "water": "leak", "air": "cooler", "power": "socket", "wall": "stain", "lock": "lock",
}  # fmt: skip
APPLIANCES = {"洗衣机": "machine", "灶": "stove"}


@cache
def picture(scene: str) -> bytes:
    """A drawn photograph: what leaks, the door, what was mended."""
    drawn: Any = typst.compile(SCENES[scene].encode(), format="png", ppi=96.0)
    return bytes(drawn[0] if isinstance(drawn, list) else drawn)


def photos(*scenes: str) -> tuple[Upload, ...]:
    """Pictures as they come with a step."""
    return tuple(Upload(f"{scene}.png", BytesIO(picture(scene))) for scene in scenes)


def broken(kind: str, said: str) -> tuple[Upload, ...]:
    """What a tenant photographs; nothing of what cannot be seen."""
    scene = _scene(kind, said)
    return photos(scene) if scene else ()


def mended(kind: str, said: str) -> tuple[Upload, ...]:
    """What a technician photographs afterwards; the door, where what was mended cannot be seen."""
    scene = _scene(kind, said)
    return photos("door" if not scene else "done" if scene == "leak" else f"{scene}-done")


def _scene(kind: str, said: str) -> str:
    """What is drawn of it; of appliances only those drawn here."""
    if kind == "appliance":
        return next((scene for word, scene in APPLIANCES.items() if word in said), "")
    return BROKEN.get(kind, "")

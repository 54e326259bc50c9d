"""What is photographed in the demo is what was reported."""

from __future__ import annotations

import pytest

from anju.surface.demo.pictures import broken, mended


@pytest.mark.parametrize(
    ("kind", "said", "before", "after"),
    [
        ("appliance", "燃气灶点不着，换过电池了", ["stove.png"], ["stove-done.png"]),
        ("appliance", "洗衣机漏水，脚下都是", ["machine.png"], ["machine-done.png"]),
        ("appliance", "冰箱不制冷", [], ["door.png"]),
        ("water", "水槽下漏水", ["leak.png"], ["done.png"]),
        ("heat", "没有热水", [], ["door.png"]),
    ],
)
def test_a_picture_shows_what_was_reported(kind: str, said: str, before: list[str], after: list[str]) -> None:
    assert [shot.name for shot in broken(kind, said)] == before
    assert [shot.name for shot in mended(kind, said)] == after

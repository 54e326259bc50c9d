"""隐私号 in the console: set up, tried, switched off; the key goes in and never comes out."""

from __future__ import annotations

import pytest

from anju.foundation.calls.models import CallService
from tests.calls.conftest import Exchange, exchange
from tests.messaging.house import secret_of
from tests.providers.conftest import Desk
from tests.staff import refusal, signed_in

__all__ = ["exchange"]
CALLS = "/system/providers/calls"


@pytest.fixture
def typed(exchange: Exchange) -> dict[str, str]:
    """What the administrator types."""
    CallService.objects.all().delete()
    return {"key_id": exchange.key, "key_secret": secret_of(exchange.key) or "", "pool_key": "FC100000001",
            "endpoint": exchange.url}  # fmt: skip


@pytest.mark.req("T-04")
@pytest.mark.req("R-11")
def test_an_administrator_sets_masked_calls_up(desk: Desk, typed: dict[str, str]) -> None:
    assert "隐私号" in desk.see("/system/providers")
    status, page = desk.send(CALLS, **typed)
    assert status == 302
    assert typed["key_secret"] not in page
    assert "由许婧填写；留空表示不变" in page
    assert f"/calls/report/aliyun/{desk.company}" in page
    assert "密钥和号池都对" in desk.attempt(CALLS)
    assert typed["key_secret"].encode() not in bytes(CallService.objects.get().secret)
    # The key left empty stays as it is.
    status, _ = desk.send(CALLS, **typed | {"key_secret": "", "pool_key": "FC2"})
    assert status == 302
    assert "密钥和号池都对" in desk.attempt(CALLS)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"key_secret": "nonsense"}, "服务商拒绝了我们的账号"),
        ({"pool_key": "XX"}, "号池 Key 不存在"),
        ({"endpoint": "http://127.0.0.1:9"}, "连不上隐私号服务商"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    desk: Desk, typed: dict[str, str], wrong: dict[str, str], said: str
) -> None:
    desk.send(CALLS, **typed | wrong)
    assert said in desk.attempt(CALLS)


def test_what_cannot_be_right_is_not_kept(desk: Desk, typed: dict[str, str]) -> None:
    for wrong in ({"pool_key": ""}, {"endpoint": "http://example.com"}, {"key_secret": ""}):
        assert desk.send(CALLS, **typed | wrong)[0] == 422
    assert not CallService.objects.exists()
    assert refusal(signed_in("manager", name="周敏"), CALLS) in (403, 404)


def test_switching_off_lists_what_follows(desk: Desk, typed: dict[str, str]) -> None:
    desk.send(CALLS, **typed)
    assert "0 个，到期自动收回" in desk.see(f"{CALLS}/off")
    assert desk.send(f"{CALLS}/off")[0] == 302
    assert not CallService.objects.get().enabled

"""A gateway's callback goes straight to its view; beyond the limit it is told to come again, and nothing was read."""

from __future__ import annotations

from pathlib import Path
from threading import BoundedSemaphore

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from anju.config.load import admission, callbacks
from anju.foundation.payments import pages

CALLBACK = "/pay/notify/wechat/1"


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> callbacks.CallbackDoor:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    monkeypatch.setattr(admission, "_gates", {})
    return callbacks.CallbackDoor(lambda _request: HttpResponse("the long way"))


def straight(monkeypatch: pytest.MonkeyPatch, answer: HttpResponse | Exception) -> None:
    def view(_request: HttpRequest, gateway: str, org: int) -> HttpResponse:
        assert (gateway, org) == ("wechat", 1)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(callbacks, "resolve", lambda path: _Match(view) if path == CALLBACK else real(path))


real = callbacks.resolve


class _Match:
    args: tuple[()] = ()
    kwargs = {"gateway": "wechat", "org": 1}

    def __init__(self, func: object) -> None:
        self.func = func


def deliver(door: callbacks.CallbackDoor, path: str = CALLBACK) -> HttpResponseBase:
    return door(RequestFactory().post(path, b"{}", content_type="application/json"))


def test_a_callback_goes_straight_and_everything_else_the_long_way(
    door: callbacks.CallbackDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight(monkeypatch, HttpResponse(status=204))
    assert deliver(door).status_code == 204
    assert [deliver(door, path).status_code for path in ("/pay/notify/", "/leases")] == [200, 200]
    assert real(CALLBACK).func is pages.notify
    assert admission.process_gate().seen["answers_2xx"] == 1


def test_beyond_its_places_it_is_told_to_come_again(
    door: callbacks.CallbackDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight(monkeypatch, HttpResponse(status=204))
    door._places = BoundedSemaphore(1)
    with door._places:
        away = deliver(door)
    assert (away.status_code, away.headers["Retry-After"]) == (503, "3")
    assert admission.process_gate().seen["turned_away_full"] == 1
    assert deliver(door).status_code == 204


def test_without_the_database_it_is_the_same_503_as_everywhere(
    door: callbacks.CallbackDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight(monkeypatch, OperationalError("the connection is closed"))
    away = deliver(door)
    assert away.status_code == 503
    assert "Retry-After" in away.headers

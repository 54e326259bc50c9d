"""Statements: fetched once a day, compared with our orders; every difference is a row and the day a task."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from anju.foundation.db import clock, fetch, org_scope
from anju.foundation.payments import jobs
from anju.foundation.payments.actions import ask_refund, settle_difference
from anju.foundation.payments.models import MerchantAccount, Statement
from anju.foundation.payments.queries import open_differences
from anju.foundation.payments.repair import load_day, send_refunds
from anju.foundation.payments.wechat_bill import HEAD, bill_lines
from anju.kit import Money
from tests.payments.conftest import SYSTEM, Shop


@pytest.fixture
def yesterday(trade_day: list[datetime]) -> date:
    """The stand-in trades yesterday at noon until :func:`next_morning`."""
    day = clock.wall().astimezone(clock.SHANGHAI).date() - timedelta(days=1)
    trade_day[:] = [datetime(day.year, day.month, day.day, 12, tzinfo=clock.SHANGHAI)]
    return day


@pytest.fixture
def next_morning(trade_day: list[datetime], yesterday: date) -> datetime:
    """Call ``trade_day[:] = [next_morning]`` once trading is over."""
    return trade_day[0] + timedelta(hours=23)


def differences(shop: Shop) -> list[tuple[str, str, Money | None, Money | None]]:
    with org_scope(shop.org):
        return [(d.kind, d.reference, money(d.ours), money(d.theirs)) for d in open_differences()]


def money(amount: Decimal | None) -> Money | None:
    return None if amount is None else Money(amount)


@pytest.mark.req("R-03")
def test_a_day_without_differences(
    shop: Shop, yesterday: date, next_morning: datetime, trade_day: list[datetime]
) -> None:
    first = shop.paid("2280.00", parcel=1)
    shop.paid("0.01", parcel=2)
    with org_scope(shop.org):
        order = fetch("SELECT id FROM payment_order WHERE number = %(n)s", {"n": first})[0]["id"]
        ask_refund(SYSTEM, order_id=order, amount=Money("80.00"), reason="多收")
    send_refunds(shop.org, clock.wall())
    assert shop.deliver() == [204]
    trade_day[:] = [next_morning]
    for _again in range(2):
        assert load_day(shop.org, "wechat", yesterday, clock.wall()) == 0
    assert differences(shop) == []
    with org_scope(shop.org):
        (statement,) = Statement.objects.all()
        (sums,) = fetch(
            "SELECT sum(amount) AS paid, sum(refund_amount) AS back, sum(fee) AS fee FROM payment_statement_line"
        )
    assert (statement.state, statement.lines) == ("loaded", 3)
    assert (str(sums["paid"]), str(sums["back"]), str(sums["fee"])) == ("2280.01", "80.00", "13.20")


def test_a_day_on_which_nothing_happened_is_no_error(
    shop: Shop, yesterday: date, next_morning: datetime, trade_day: list[datetime]
) -> None:
    trade_day[:] = [next_morning]
    assert load_day(shop.org, "wechat", yesterday, clock.wall()) == 0
    with org_scope(shop.org):
        assert Statement.objects.get().state == "empty"


@pytest.mark.req("R-03")
def test_every_kind_of_difference_becomes_a_row_and_the_day_a_task(
    shop: Shop, yesterday: date, next_morning: datetime, trade_day: list[datetime]
) -> None:
    known, unknown, other, missing = (shop.paid(f"{n}00.00", parcel=n) for n in (1, 2, 3, 4))
    books = shop.standin.books
    books.run("UPDATE orders SET number = 'AJSOMEBODYELSE' WHERE number = ?", unknown)
    books.run("UPDATE orders SET total = 29999 WHERE number = ?", other)
    books.run("DELETE FROM orders WHERE number = ?", missing)
    trade_day[:] = [next_morning]
    assert load_day(shop.org, "wechat", yesterday, clock.wall()) == 4
    assert sorted(differences(shop), key=str) == sorted(
        [
            ("unknown_here", "AJSOMEBODYELSE", None, Money("200.00")),
            ("missing_there", unknown, Money("200.00"), None),
            ("amount", other, Money("300.00"), Money("299.99")),
            ("missing_there", missing, Money("400.00"), None),
        ],
        key=str,
    )
    assert known not in str(differences(shop))
    assert shop.problems() == [("difference", yesterday.isoformat(), 1)]
    assert [p.kind for p in shop.till.problems] == ["difference"]


def test_what_only_missed_its_callback_is_repaired_by_the_statement(
    shop: Shop, yesterday: date, next_morning: datetime, trade_day: list[datetime]
) -> None:
    number = shop.start("100.00").number
    shop.pay(number, lose=True)
    trade_day[:] = [next_morning]
    assert load_day(shop.org, "wechat", yesterday, clock.wall()) == 0
    assert [p.number for p in shop.till.posted] == [number]
    assert differences(shop) == []


def test_a_person_explains_a_difference_and_it_stays_explained(
    shop: Shop, yesterday: date, next_morning: datetime, trade_day: list[datetime]
) -> None:
    number = shop.paid("100.00")
    shop.standin.books.run("UPDATE orders SET total = 9999 WHERE number = ?", number)
    trade_day[:] = [next_morning]
    assert load_day(shop.org, "wechat", yesterday, clock.wall()) == 1
    with org_scope(shop.org):
        settle_difference(SYSTEM, difference_id=open_differences().get().id, note="平台已更正")
    assert load_day(shop.org, "wechat", yesterday, clock.wall()) == 0


def test_a_damaged_statement_is_not_written(
    shop: Shop, yesterday: date, next_morning: datetime, trade_day: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    from anju.foundation.payments.gateways import GatewayUnsure

    shop.paid()
    trade_day[:] = [next_morning]
    monkeypatch.setattr(shop.standin.desk, "bill_file", lambda merchant, token: b"something else")
    with pytest.raises(GatewayUnsure, match="BILL_HASH"):
        load_day(shop.org, "wechat", yesterday, clock.wall())
    with org_scope(shop.org):
        assert not Statement.objects.exists()


def test_the_ticker_fetches_what_is_missing_since_the_account_began(
    shop: Shop, yesterday: date, next_morning: datetime, trade_day: list[datetime]
) -> None:
    shop.paid()
    trade_day[:] = [next_morning]
    with org_scope(shop.org):
        MerchantAccount.objects.update(created_at=clock.wall() - timedelta(days=2))
    noon = datetime.combine(yesterday + timedelta(days=1), datetime.min.time(), clock.SHANGHAI) + timedelta(hours=12)
    early = noon.replace(hour=9)
    assert [day for _, day in jobs.missing_statements(shop.org, early)] == [yesterday - timedelta(days=1)]
    assert [day for _, day in jobs.missing_statements(shop.org, noon)] == [yesterday - timedelta(days=1), yesterday]
    jobs.statements(shop.org, noon)
    assert jobs.missing_statements(shop.org, noon) == []


def test_a_bill_is_read_by_its_head_and_a_comma_in_a_name_is_no_cell() -> None:
    names = HEAD.split(",")
    shuffled = [*names[::-1], "新增的列"]
    cells = dict.fromkeys(shuffled, "0")
    cells |= {"交易时间": "2026-11-21 08:00:00", "商户订单号": "AJ1", "微信订单号": "42", "交易状态": "SUCCESS"}
    cells |= {"商品名称": "十二月账单, 3-1-1208", "订单金额": "2280.00", "手续费": "13.68000", "申请退款金额": "0.00"}
    row = ",".join(f"`{cells[name]}" for name in shuffled)
    (line,) = bill_lines("\r\n".join([",".join(shuffled), row, "总交易单数,…", "`1,`…"]))
    assert (line.kind, line.number, line.amount, line.fee) == ("pay", "AJ1", Money("2280.00"), Money("13.68"))
    assert line.at.isoformat() == "2026-11-21T08:00:00+08:00"

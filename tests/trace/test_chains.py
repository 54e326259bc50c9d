"""What was written stays; whoever changes it all the same is found."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from anju.foundation.db import clock, org_scope, run_sql
from anju.foundation.trace import verify as verifying
from anju.foundation.trace.cli import verify
from anju.foundation.trace.events import Event, append, timeline
from anju.foundation.trace.models import TraceEvent, TraceHead, TraceLink
from anju.foundation.trace.verify import Broken, Tally, broken_chains, evidence
from anju.kit import Actor

Owner = Callable[[str], None]
BY = Actor.staff(3)


def lease_history() -> None:
    """Three events on lease 7, one on lease 8, linked to tenant 40."""
    for kind in ("signed", "amended", "ended"):
        append(BY, [Event(("lease", 7), f"leases.lease.{kind}", {"unit": 12}, links=(("person", 40),))])
    append(BY, [Event(("lease", 8), "leases.lease.signed", {"rent": "2280.00"}, version_id=5, run_id=6)])


def whys() -> list[tuple[str, int, int, str]]:
    return [(b.stream_kind, b.stream_id, b.seq, b.why) for b in broken_chains()]


def test_an_untouched_history_holds(in_org: int) -> None:
    lease_history()
    tally = Tally()
    assert list(broken_chains("lease", tally=tally)) == []
    assert (tally.events, tally.chains) == (4, 2)


def test_a_chain_is_walked_alone(in_org: int, as_owner: Owner) -> None:
    lease_history()
    as_owner("UPDATE trace_event SET actor = 'staff:9' WHERE stream_kind = 'lease' AND stream_id = 8")
    assert list(broken_chains("lease", 7)) == []
    assert list(broken_chains("lease", 8)) == [Broken("lease", 8, 1, "hash")]


@pytest.mark.req("R-10")
def test_the_application_can_neither_change_nor_delete_events(in_org: int) -> None:
    lease_history()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: TraceEvent.objects.update(actor="staff:9"),
        lambda: run_sql("DELETE FROM trace_event"),
        lambda: TraceLink.objects.update(subject_id=1),
        lambda: TraceHead.objects.update(stream_id=1),
    )
    for attempt in attempts:
        with pytest.raises(ProgrammingError), transaction.atomic():
            attempt()


@pytest.mark.parametrize(
    "column",
    ["at = at + interval '1 microsecond'", "wall_at = wall_at - interval '1 day'", "actor = 'staff:4'",
     "action = 'leases.lease.voided'", "version_id = 9", "run_id = 9", "body = replace(body, '12', '13')",
     "hash = set_bit(hash, 17, 1 - get_bit(hash, 17))"],
)  # fmt: skip
def test_one_changed_bit_is_found(in_org: int, as_owner: Owner, column: str) -> None:
    lease_history()
    as_owner(f"UPDATE trace_event SET {column} WHERE stream_kind = 'lease' AND stream_id = 7 AND seq = 2")
    assert ("lease", 7, 2, "hash") in whys()


def test_a_changed_event_with_its_own_hash_recomputed_breaks_the_next_link(in_org: int, as_owner: Owner) -> None:
    lease_history()
    as_owner(
        "UPDATE trace_event SET actor = 'staff:9', hash = sha256(prev || convert_to(concat_ws(E'\\n', org_id,"
        " stream_kind, stream_id, seq, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
        " to_char(wall_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), 'staff:9', action, '-', '-', body),"
        " 'UTF8')) WHERE stream_kind = 'lease' AND stream_id = 7 AND seq = 2"
    )
    assert whys() == [("lease", 7, 3, "previous")]


def test_a_missing_event_is_a_gap(in_org: int, as_owner: Owner) -> None:
    lease_history()
    as_owner("DELETE FROM trace_event WHERE stream_kind = 'lease' AND stream_id = 7 AND seq = 2")
    assert ("lease", 7, 2, "gap") in whys()


def test_a_cut_off_end_does_not_match_the_head(in_org: int, as_owner: Owner) -> None:
    lease_history()
    as_owner("DELETE FROM trace_event WHERE stream_kind = 'lease' AND stream_id = 7 AND seq = 3")
    assert whys() == [("lease", 7, 2, "head")]


def test_a_chain_that_vanished_is_missed(in_org: int, as_owner: Owner) -> None:
    lease_history()
    as_owner("DELETE FROM trace_event WHERE stream_kind = 'lease' AND stream_id = 7")
    assert whys() == [("lease", 7, 3, "missing")]


def test_a_head_that_was_moved_is_found(in_org: int, as_owner: Owner) -> None:
    lease_history()
    as_owner("UPDATE trace_head SET seq = 9 WHERE stream_kind = 'lease' AND stream_id = 8")
    assert whys() == [("lease", 8, 1, "head")]


def test_the_report_names_the_place_and_fails(org: int, other_org: int, as_owner: Owner) -> None:
    for one in (org, other_org):
        with org_scope(one):
            lease_history()
    with org_scope(org):
        as_owner(
            f"UPDATE trace_event SET actor = 'staff:9' WHERE stream_kind = 'lease' AND stream_id = 8 AND org_id = {org}"
        )
    said: list[str] = []
    assert not verify([(org, "测试公寓"), (other_org, "隔壁公寓")], said.append)
    assert re.fullmatch(r"✗ 测试公寓：\d+ 条链、\d+ 条记录，1 处不符", said[0])
    assert said[1] == "    lease 8 #1  内容与指纹不符，记录被改动过"
    assert re.fullmatch(r"✓ 隔壁公寓：\d+ 条链、\d+ 条记录，全部完整", said[2])


def test_other_slices_add_their_evidence(org: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "_evidence", {})
    evidence("batches")(lambda tally: iter([Broken("sweep_run", 1, 0, "root")]))
    said: list[str] = []
    assert not verify([(org, "测试公寓")], said.append)
    assert said[1] == "    sweep_run 1 #0  批次结果与存证的根不符"


@pytest.mark.req("R-10")
def test_timelines_show_own_and_linked_events_newest_first(in_org: int) -> None:
    lease_history()
    append(BY, [Event(("person", 40), "tenants.person.verified")])
    shown = [e["action"] for e in timeline(("person", 40))]
    assert shown == ["tenants.person.verified", "leases.lease.ended", "leases.lease.amended", "leases.lease.signed"]
    page = timeline(("person", 40), limit=2)
    assert [e["action"] for e in timeline(("person", 40), before=page[-1]["id"])] == shown[2:]


def test_another_organization_sees_none_of_it(org: int, other_org: int) -> None:
    with org_scope(org):
        lease_history()
    with org_scope(other_org):
        assert timeline(("lease", 7)) == []
        append(BY, [Event(("lease", 7), "leases.lease.signed")])
        assert [e.seq for e in TraceEvent.objects.filter(stream_kind="lease")] == [1]


def test_business_and_wall_time_are_both_kept(in_org: int) -> None:
    clock.move_to(datetime(2027, 2, 1, 9, tzinfo=clock.SHANGHAI))
    lease_history()
    event = TraceEvent.objects.filter(stream_kind="lease").first()
    assert event is not None
    assert event.at == datetime(2027, 2, 1, 1, tzinfo=UTC)
    assert event.wall_at != event.at
    assert list(broken_chains()) == []


def test_the_index_serves_a_timeline(in_org: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trace_link (subject_kind, subject_id, event_id)"
            " SELECT 'person', n, n FROM generate_series(1, 5000) n"
        )
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT event_id FROM trace_link WHERE subject_kind = 'person' AND subject_id = 40")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "trace_link_subject_ix" in plan

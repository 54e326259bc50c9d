"""Draft → lint → simulate → second person → release → newer release or rollback."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from anju.foundation.db import clock, fetch
from anju.foundation.identity.models import Staff
from anju.foundation.policy.models import PolicyRelease, PolicyVersion
from anju.foundation.policy.store import in_force
from anju.foundation.publishing import actions as publish
from anju.foundation.publishing.models import PolicyReview
from anju.foundation.publishing.simulation import Example, Row, Said, Simulation, restored, simulator
from anju.foundation.publishing.versions import all_standing, changes, standing
from anju.foundation.trace.events import timeline
from anju.foundation.trace.verify import broken_chains
from anju.kit import Actor, Refused
from tests.publishing.conftest import Office, People
from tests.publishing.models import Everything

pytestmark = pytest.mark.usefixtures("rules")
HARSH = [{"day": 1, "by": {"kind": "call", "times": 2}}]


def draft(by: Actor, **changed: Any) -> PolicyVersion:
    """A draft with some fields changed."""
    made = publish.start_draft(by, key="everything")
    return publish.save_draft(by, version_id=made.id, rev=made.rev, body={**made.body, **changed})


def submitted(by: Actor, **changed: Any) -> PolicyVersion:
    """A draft that went to review."""
    made = draft(by, **changed)
    publish.simulate_draft(by, version_id=made.id)
    return publish.submit(by, version_id=made.id)


def released(office: Office, **changed: Any) -> PolicyRelease:
    """A change that a colleague approved."""
    made = publish.approve(office.colleague, version_id=submitted(office.author, **changed).id)
    assert made is not None
    return made


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code.removeprefix("policy.")


@pytest.mark.req("L-04")
def test_a_change_goes_live_by_two_people(office: Office) -> None:
    made = submitted(office.author, grace=5)
    assert in_force(Everything).value.grace == 3
    release = publish.approve(office.colleague, version_id=made.id, reason="数字核对过")
    assert release is not None
    now = in_force(Everything)
    assert (now.value.grace, now.number, now.version_id) == (5, 2, made.id)
    assert [e["action"].removeprefix("policies.") for e in reversed(timeline(("policy_version", made.id)))] == [
        "draft.start", "draft.save", "draft.simulate", "draft.submit", "version.approve", "version.approve.released",
    ]  # fmt: skip
    assert {e["version_id"] for e in timeline(("policy_version", made.id))} == {made.id}
    assert list(broken_chains()) == []


@pytest.mark.req("L-04")
def test_nobody_approves_what_they_wrote_in(office: Office, hire: People) -> None:
    made = draft(office.author, grace=5)
    publish.save_draft(office.colleague, version_id=made.id, rev=made.rev, body={**made.body, "grace": 6})
    publish.simulate_draft(office.author, version_id=made.id)
    publish.submit(office.author, version_id=made.id)
    third = hire("admin")
    for wrote in (office.author, office.colleague):
        with pytest.raises(Refused) as refused:
            publish.approve(wrote, version_id=made.id)
        assert code(refused) == "own_work"
    assert publish.approve(third, version_id=made.id) is not None


def test_who_may_not_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        publish.start_draft(office.clerk, key="everything")
    made = submitted(office.author, grace=5)
    with pytest.raises(Refused, match="not_allowed"):
        publish.approve(office.clerk, version_id=made.id)
    with pytest.raises(Refused, match="not_allowed"):
        publish.start_draft(office.author, key="publishing")  # an area of the administrators' own


@pytest.mark.req("L-04")
def test_submitting_asks_for_a_simulation_of_this_exact_text(office: Office) -> None:
    made = draft(office.author, grace=5)
    with pytest.raises(Refused) as refused:
        publish.submit(office.author, version_id=made.id)
    assert code(refused) == "not_simulated"
    made = publish.simulate_draft(office.author, version_id=made.id)
    publish.save_draft(office.author, version_id=made.id, rev=made.rev, body={**made.body, "grace": 6})
    with pytest.raises(Refused) as refused:
        publish.submit(office.author, version_id=made.id)
    assert code(refused) == "not_simulated"


@pytest.mark.req("C-06")
def test_the_simulation_says_who_would_be_treated_differently_and_changes_nothing(office: Office) -> None:
    @simulator("everything")
    def count(current: Everything, planned: Everything, as_of: date) -> Simulation:
        clock.move_to(clock.wall() + timedelta(days=400))  # whatever a simulator writes is undone
        return Simulation(
            headline=Said(f"**{planned.grace}** 位租客将收到短信", "…"),
            rows=(Row(Said("短信", "SMS"), now=current.grace, draft=planned.grace, good="less"),),
            changed=1,
            examples=(Example("lease", 7, "HZ26-0748", Said("短信", "SMS"), Said("语音外呼 1 次", "Call")),),
        )

    made = publish.simulate_draft(office.author, version_id=draft(office.author, grace=1).id)
    assert made.simulation is not None
    kept = restored(made.simulation)
    assert str(kept.headline) == "**1** 位租客将收到短信"
    assert (kept.rows[0].now, kept.rows[0].draft, kept.rows[0].difference) == (3, 1, -2)
    assert str(kept.examples[0].draft) == "语音外呼 1 次"
    assert made.simulated_sha256 == made.sha256
    assert clock.drill_clock() is None


def test_a_policy_without_a_simulator_says_that_there_is_nothing_to_count(office: Office) -> None:
    made = publish.simulate_draft(office.author, version_id=draft(office.author, grace=1).id)
    assert made.simulation is not None
    assert not restored(made.simulation).counted


def test_an_unchanged_draft_is_not_submitted(office: Office) -> None:
    made = draft(office.author)
    publish.simulate_draft(office.author, version_id=made.id)
    with pytest.raises(Refused) as refused:
        publish.submit(office.author, version_id=made.id)
    assert code(refused) == "unchanged"


@pytest.mark.req("R-13")
def test_a_harsh_start_needs_a_written_reason_and_a_second_person(office: Office) -> None:
    made = draft(office.author, steps=HARSH)
    publish.simulate_draft(office.author, version_id=made.id)
    with pytest.raises(Refused) as refused:
        publish.submit(office.author, version_id=made.id)
    assert code(refused) == "needs_reason"
    with pytest.raises(Refused) as refused:
        publish.keep_finding(office.author, version_id=made.id, code="everything.harsh", path="steps.0.by", reason="要")
    assert code(refused) == "reason_too_short"
    publish.keep_finding(
        office.author, version_id=made.id, code="everything.harsh", path="steps.0.by", reason="客群习惯接电话，已试点"
    )
    publish.submit(office.author, version_id=made.id)
    with pytest.raises(Refused) as refused:
        publish.approve(office.author, version_id=made.id)
    assert code(refused) == "own_work"
    release = publish.approve(office.colleague, version_id=made.id)
    assert release is not None
    assert release.override == "everything.harsh:steps.0.by — 客群习惯接电话，已试点"


@pytest.mark.req("R-13")
def test_an_error_of_lint_cannot_be_kept(office: Office) -> None:
    silent = [{"day": -3, "words": {"sms": ""}}]
    made = draft(office.author, steps=silent)
    publish.simulate_draft(office.author, version_id=made.id)
    with pytest.raises(Refused) as refused:
        publish.keep_finding(
            office.author, version_id=made.id, code="words.empty", path="steps.0.words.sms", reason="就是不想写正文"
        )
    assert code(refused) == "no_such_finding"
    with pytest.raises(Refused) as refused:
        publish.submit(office.author, version_id=made.id)
    assert code(refused) == "lint_error"
    assert "正文是空的" in refused.value.text()


def test_a_draft_that_does_not_fit_is_refused(office: Office) -> None:
    made = draft(office.author)
    with pytest.raises(Refused) as refused:
        publish.save_draft(office.author, version_id=made.id, rev=made.rev, body={**made.body, "grace": 99})
    assert code(refused) == "invalid"


def test_the_second_editor_is_told_what_changed(office: Office) -> None:
    made = draft(office.author)
    publish.save_draft(office.author, version_id=made.id, rev=1, body={**made.body, "grace": 9, "quiet": False})
    with pytest.raises(Refused) as refused:
        publish.save_draft(office.colleague, version_id=made.id, rev=1, body={**made.body, "grace": 4})
    assert refused.value.code == "changed_meanwhile"
    assert "宽限天数、免打扰" in refused.value.text()
    assert PolicyVersion.objects.get(id=made.id).body["grace"] == 9


def test_saving_what_is_there_already_says_nothing(office: Office) -> None:
    made = draft(office.author, grace=5)
    again = publish.save_draft(office.author, version_id=made.id, rev=made.rev, body=made.body)
    assert again.rev == made.rev
    assert len(timeline(("policy_version", made.id))) == 2


def test_one_open_version_per_policy(office: Office) -> None:
    made = draft(office.author)
    with pytest.raises(Refused) as refused:
        publish.start_draft(office.colleague, key="everything")
    assert code(refused) == "already_open"
    publish.discard(office.author, version_id=made.id)
    assert publish.start_draft(office.colleague, key="everything").number == made.number + 1
    with pytest.raises(Refused) as refused:
        publish.discard(office.author, version_id=made.id)
    assert code(refused) == "not_a_draft"


def test_a_rejected_version_stays_and_its_text_goes_on(office: Office) -> None:
    made = submitted(office.author, grace=5)
    with pytest.raises(Refused) as refused:
        publish.reject(office.colleague, version_id=made.id, reason="")
    assert code(refused) == "reason_too_short"
    again = publish.reject(office.colleague, version_id=made.id, reason="宽限五天没有依据")
    made.refresh_from_db()
    assert (made.state, again.state) == ("withdrawn", "draft")
    assert (again.body, again.author, again.number) == (made.body, str(office.author), made.number + 1)
    said = PolicyReview.objects.get(version=made)
    assert (said.verdict, said.reason) == ("rejected", "宽限五天没有依据")
    publish.simulate_draft(office.author, version_id=again.id)
    publish.submit(office.author, version_id=again.id)
    assert publish.approve(office.colleague, version_id=again.id) is not None


def test_an_author_takes_back_what_is_under_review(office: Office) -> None:
    made = submitted(office.author, grace=5)
    with pytest.raises(Refused) as refused:
        publish.recall(office.colleague, version_id=made.id)
    assert code(refused) == "not_yours"
    assert publish.recall(office.author, version_id=made.id).state == "draft"


@pytest.mark.req("L-04")
def test_a_release_may_take_effect_later(office: Office) -> None:
    later = clock.now() + timedelta(days=9)
    made = submitted(office.author, grace=5)
    publish.approve(office.colleague, version_id=made.id, effective_from=later)
    assert in_force(Everything).value.grace == 3
    assert in_force(Everything, later).value.grace == 5
    stand = standing("everything")
    assert [r.version_id for r in stand.scheduled] == [made.id]
    assert stand.newest is not None
    assert stand.newest.version_id == made.id


def test_a_draft_begun_while_one_is_scheduled_comes_after_it(office: Office) -> None:
    later = clock.now() + timedelta(days=9)
    publish.approve(office.colleague, version_id=submitted(office.author, grace=5).id, effective_from=later)
    made = submitted(office.author, quiet=False)
    assert made.body["grace"] == 5
    with pytest.raises(Refused) as refused:
        publish.approve(office.colleague, version_id=made.id)
    assert code(refused) == "later_scheduled"
    assert publish.approve(office.colleague, version_id=made.id, effective_from=later + timedelta(days=1)) is not None


def test_two_releases_never_take_effect_at_one_moment(office: Office) -> None:
    later = clock.now() + timedelta(days=9)
    template = PolicyVersion.objects.get(key="everything", number=1)
    released(office, grace=5)
    publish.approve(office.colleague, version_id=submitted(office.author, grace=6).id, effective_from=later)
    with pytest.raises(Refused) as refused:
        publish.roll_back(office.author, version_id=template.id, effective_from=later, reason="回到标准模板")
    assert code(refused) == "same_moment"
    assert f"{later.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}" in refused.value.text()


def test_a_scheduled_release_can_be_called_off_until_it_is_in_force(office: Office) -> None:
    later = clock.now() + timedelta(days=9)
    made = publish.approve(office.colleague, version_id=submitted(office.author, grace=5).id, effective_from=later)
    assert made is not None
    publish.call_off(office.colleague, release_id=made.id, reason="节后再说吧")
    assert in_force(Everything, later).value.grace == 3
    with pytest.raises(Refused) as refused:
        publish.call_off(office.colleague, release_id=made.id, reason="再撤销一次")
    assert code(refused) == "called_off"
    in_force_now = standing("everything").in_force
    assert in_force_now is not None
    with pytest.raises(Refused) as refused:
        publish.call_off(office.colleague, release_id=in_force_now.id, reason="撤销现行版本")
    assert code(refused) == "in_force_since"


@pytest.mark.req("L-04")
def test_going_back_is_another_release(office: Office) -> None:
    before = standing("everything").in_force
    assert before is not None
    released(office, grace=5)
    back = publish.roll_back(office.author, version_id=before.version_id, reason="投诉太多，先退回")
    assert in_force(Everything).value.grace == 3
    assert back.kind == "rollback"
    assert PolicyRelease.objects.filter(key="everything").count() == 3
    with pytest.raises(Refused) as refused:
        publish.roll_back(office.author, version_id=before.version_id, reason="再退一次看看")
    assert code(refused) == "in_force_already"


def test_there_is_no_way_back_to_what_was_never_in_force(office: Office) -> None:
    made = draft(office.author, grace=5)
    with pytest.raises(Refused) as refused:
        publish.roll_back(office.author, version_id=made.id, reason="直接用草稿")
    assert code(refused) == "never_released"


def test_an_outdated_draft_takes_the_newer_release_in(office: Office) -> None:
    first = standing("everything").in_force
    assert first is not None
    released(office, grace=5, note="五天")
    made = draft(office.author, grace=7)
    publish.simulate_draft(office.author, version_id=made.id)
    publish.roll_back(office.colleague, version_id=first.version_id, reason="投诉太多，先退回")
    with pytest.raises(Refused) as refused:
        publish.submit(office.author, version_id=made.id)
    assert code(refused) == "outdated"
    made = publish.rebase(office.author, version_id=made.id, rev=made.rev)
    assert (made.body["grace"], made.body["note"]) == (7, "")
    publish.simulate_draft(office.author, version_id=made.id)
    publish.submit(office.author, version_id=made.id)
    assert [(c.title, c.old, c.new) for c in changes(made)] == [("宽限天数", "3 天", "7 天")]


@pytest.mark.req("L-04")
def test_where_there_is_nobody_else_it_takes_a_day_and_is_flagged(hire: People) -> None:
    alone = hire("admin")
    made = submitted(alone, grace=5)
    release = publish.approve(alone, version_id=made.id)
    assert release is not None
    assert release.kind == "alone"
    assert release.effective_from >= clock.now() + timedelta(hours=23, minutes=59)
    assert in_force(Everything).value.grace == 3
    newest = timeline(("policy_version", made.id))[0]
    assert newest["action"] == "policies.version.approve.released_alone"
    assert '"flagged":true' in newest["body"]


def test_a_frozen_colleague_is_nobody(office: Office) -> None:
    made = submitted(office.author, grace=5)
    Staff.objects.filter(id=office.colleague.id).update(frozen_at=clock.wall())
    release = publish.approve(office.author, version_id=made.id)
    assert release is not None
    assert release.kind == "alone"


@pytest.mark.req("L-04")
def test_a_group_may_ask_for_more_than_one(office: Office, hire: People) -> None:
    boss, other = hire("admin"), hire("admin")
    rules = publish.start_draft(boss, key="publishing")
    groups = [{**g, "quorum": 2} for g in rules.body["groups"]]
    publish.save_draft(boss, version_id=rules.id, rev=1, body={**rules.body, "groups": groups})
    publish.simulate_draft(boss, version_id=rules.id)
    publish.submit(boss, version_id=rules.id)
    publish.approve(other, version_id=rules.id)
    made = submitted(office.author, grace=5)
    assert publish.approve(office.colleague, version_id=made.id) is None
    with pytest.raises(Refused) as refused:
        publish.approve(office.colleague, version_id=made.id)
    assert code(refused) == "already_said"
    assert in_force(Everything).value.grace == 3
    assert publish.approve(boss, version_id=made.id) is not None
    assert in_force(Everything).value.grace == 5


def test_a_narrower_scope_has_its_own_draft(office: Office) -> None:
    wide = draft(office.author, grace=5)
    narrow = publish.start_draft(office.author, key="everything", scope="project:12")
    narrow = publish.save_draft(office.author, version_id=narrow.id, rev=1, body={**narrow.body, "grace": 1})
    publish.simulate_draft(office.author, version_id=narrow.id)
    publish.submit(office.author, version_id=narrow.id)
    publish.approve(office.colleague, version_id=narrow.id)
    assert in_force(Everything, scopes=["project:12"]).value.grace == 1
    assert in_force(Everything).value.grace == 3
    assert wide.number != narrow.number


def test_another_organization_s_version_is_not_found(office: Office, in_org: int) -> None:
    with pytest.raises(Refused, match="not_found"):
        publish.discard(office.author, version_id=10**12)


def test_the_list_of_policies_takes_few_queries(office: Office, django_assert_max_num_queries: Any) -> None:
    draft(office.author, grace=5)
    with django_assert_max_num_queries(3):
        found = {s.policy.key: s for s in all_standing()}
    assert found["everything"].open is not None
    assert found["publishing"].in_force is not None


def test_two_starts_at_once_wait_for_each_other(office: Office) -> None:
    publish.start_draft(office.author, key="everything")
    held = fetch("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
    assert held

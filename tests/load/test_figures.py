"""The numbers of the web and of the queues, and who may read them."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from anju.config.load import figures, ground
from anju.foundation.db import clock, run_sql
from anju.foundation.jobs.queue import queue_state
from tests.ground.work import leave_a_row

MESSAGE = """
INSERT INTO message (dedupe, to_person, channel, template, version_id, subject_kind, subject_id, created_at, due_at)
VALUES (%(due)s::text, 1, 'sms', 'messaging:code', 1, 'person', 1, %(due)s, %(due)s)
"""


def test_numbers_of_several_processes_are_added_and_those_of_dead_ones_forgotten(tmp_path: Path) -> None:
    mine = figures.Figures(figures.folder(tmp_path))
    mine.add("in_flight", 3)
    neighbour = subprocess.Popen(
        [sys.executable, "-c", f"from anju.config.load import figures; from pathlib import Path; "
         f"f = figures.Figures(figures.folder(Path({str(tmp_path)!r}))); f.add('in_flight', 4); "
         "print('there', flush=True); input()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert neighbour.stdout is not None
    assert neighbour.stdout.readline() == "there\n"
    total = figures.total(tmp_path)
    assert (total["in_flight"], total["processes"]) == (7, 2)
    neighbour.kill()
    neighbour.communicate()
    assert figures.total(tmp_path)["in_flight"] == 3


def test_the_queue_says_how_long_the_first_waits(company: int) -> None:
    leave_a_row.defer(name="waiting")
    run_sql("UPDATE procrastinate_events SET at = at - interval '90 seconds'")
    state = queue_state()
    assert state.waiting == 1
    assert 90 <= state.oldest_s < 3600


def test_the_outbox_counts_what_is_due_by_each_companys_own_clock(company: int) -> None:
    run_sql(MESSAGE, {"due": clock.now() - timedelta(minutes=10)})
    run_sql(MESSAGE, {"due": clock.now() + timedelta(minutes=10)})
    (sms,) = ground.outbox()
    assert (sms.channel, sms.waiting) == ("sms", 1)
    assert 600 <= sms.oldest_s < 4000


def test_metrics_are_for_this_machine_or_the_token(db: None, settings: LazySettings, client: Client) -> None:
    text = client.get("/metrics").content.decode()
    assert "anju_database_up 1" in text
    assert "anju_jobs_waiting 0" in text
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 404
    settings.METRICS_TOKEN = "geheim"
    assert client.get("/metrics").status_code == 404
    proxied = {"X-Forwarded-For": "203.0.113.7", "Authorization": "Bearer geheim"}
    assert client.get("/metrics", headers=proxied, REMOTE_ADDR="203.0.113.7").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_neither_tells_anything_about_anybody(company: int, client: Client, path: str) -> None:
    assert "禾里" not in client.get(path).content.decode()

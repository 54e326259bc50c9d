"""The application owns nothing and sees one organization at a time."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection

from anju.foundation.db import fetch_value


def test_tests_run_as_the_application_role(db: None) -> None:
    assert fetch_value("SELECT current_user") == "anju_app"
    assert fetch_value("SELECT count(*) FROM pg_class WHERE relowner = 'anju_app'::regrole") == 0


def test_the_application_cannot_change_the_schema(db: None) -> None:
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE mine (id int)")


def test_chinese_has_trigrams(db: None) -> None:
    assert fetch_value("SELECT array_length(show_trgm('安居公寓'), 1)") > 1

"""The benchmarks of alerts run, with few."""

from __future__ import annotations

import pytest

from benchmarks import fan_out, sending
from tests.conftest import address_of_test_database

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_fan_out_is_measured_beside_bare_statements() -> None:
    rows = list(fan_out.measured(20, 2))
    assert len(rows) == 3
    assert all(row.ours > 0 and row.limit > 0 for row in rows)


def test_senders_are_measured_beside_bare_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", address_of_test_database())
    rows = list(sending.measured(sending.Sizes(few=20, many=40, rounds=1, senders=2)))
    assert len(rows) == 9
    assert all(row.ours > 0 and row.limit > 0 for row in rows)

"""An outcome stays in force until another supersedes it, or a status ends it."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from campaigns.models import StatusChange, Target
from tests.api.factories import get, ids
from tests.factories import (
    LONG_AGO,
    NOW,
    made_at,
    make_change,
    make_outcome_draft,
    make_target,
)
from tests.website.reading import read, text_of

pytestmark = pytest.mark.django_db

PAUSED, SUED, AFTER = (dt.date(2020, month, 10) for month in (6, 9, 12))


@pytest.fixture
def moratorium() -> StatusChange:
    """Paused in June 2020 by a moratorium of a year, and sued in September."""
    with made_at(LONG_AGO):
        target = make_target()
    make_change(target, "called_on", dt.date(2018, 5, 22))
    paused = make_change(target, "paused", PAUSED, outcome=make_outcome_draft())
    make_change(target, "in_court", SUED)
    return paused


def answers(client: Client, paused: StatusChange, **clocks: str) -> tuple[Any, ...]:
    """Status, outcome and expiry of the target, and whether the moratorium is in force."""
    target = get(client, f"targets/{paused.target_id}/", **clocks)
    outcome = get(client, f"outcomes/{paused.outcome_id}/", **clocks)
    in_force = target["outcome"]["id"] if target["outcome"] else None
    return target["status"], in_force, target["expires_on"], outcome["is_in_force"]


def test_a_moratorium_that_is_sued_over_is_still_in_force(
    client: Client, moratorium: StatusChange
) -> None:
    standing = ("in_court", moratorium.outcome_id, "2021-06-10", True)
    assert answers(client, moratorium, as_of="2020-10-01") == standing
    assert answers(client, moratorium, as_of="2021-06-09") == standing
    assert answers(client, moratorium, as_of="2020-07-01") == ("paused", *standing[1:])


def test_without_a_clock_the_target_keeps_it_and_its_expiry_is_looked_at(
    client: Client, moratorium: StatusChange
) -> None:
    standing = ("in_court", moratorium.outcome_id, "2021-06-10")
    assert answers(client, moratorium) == (*standing, False)
    assert ids(client, "targets", status="in_court", expires_before="2021-06-10") == [
        moratorium.target_id
    ]


def test_targets_are_found_by_the_expiry_of_an_outcome_that_an_earlier_status_brought(
    client: Client, moratorium: StatusChange
) -> None:
    asked = {"as_of": "2020-10-01", "status": "in_court"}
    assert ids(client, "targets", **asked, expires_before="2021-06-10") == [moratorium.target_id]
    assert ids(client, "targets", **asked, expires_after="2021-06-11") == []


@pytest.mark.parametrize("ending", ["refused", "reversed", "expired", "withdrawn"])
def test_a_status_that_ends_it_ends_it_from_its_day_and_from_when_it_was_known(
    client: Client, moratorium: StatusChange, ending: str
) -> None:
    make_change(moratorium.target, ending, AFTER, now=NOW + dt.timedelta(days=1))
    in_force = ("in_court", moratorium.outcome_id, "2021-06-10", True)
    assert answers(client, moratorium, as_of="2020-12-10") == (ending, None, None, False)
    assert answers(client, moratorium, as_of="2020-12-09") == in_force
    known_before = {"as_of": "2020-12-10", "known_at": NOW.isoformat()}
    assert answers(client, moratorium, **known_before) == in_force
    ended = {"as_of": "2020-12-10", "expires_before": "2021-06-10"}
    assert ids(client, "targets", **ended) == []


def test_what_was_ended_does_not_come_back_with_a_later_status(
    client: Client, moratorium: StatusChange
) -> None:
    make_change(moratorium.target, "reversed", AFTER)
    make_change(moratorium.target, "in_court", dt.date(2021, 1, 10))
    gone = ("in_court", None, None, False)
    assert answers(client, moratorium, as_of="2021-02-01") == gone


def test_another_outcome_supersedes_it(client: Client, moratorium: StatusChange) -> None:
    settlement = make_change(
        moratorium.target, "settled", AFTER, outcome=make_outcome_draft(kind="agreement")
    )
    standing = ("settled", settlement.outcome_id, "2021-06-10", False)
    assert answers(client, moratorium, as_of="2020-12-31") == standing


def card_of(client: Client, target: Target) -> str:
    page = read(client, target.campaign.get_absolute_url())
    return text_of(page, f"#target-{target.pk}")


def test_pages_show_it_beside_the_status_until_it_is_ended(
    client: Client, moratorium: StatusChange
) -> None:
    target = moratorium.target
    company = target.company.get_absolute_url()
    assert "in court since 10 September 2020" in card_of(client, target)
    assert "No sales to police for one year" in card_of(client, target)
    assert "in court since 10 September 2020 · expires 10 June 2021" in text_of(
        read(client, company)
    )
    make_change(target, "reversed", AFTER)
    assert "No sales to police for one year" not in card_of(client, target)
    assert "· expires" not in text_of(read(client, company))

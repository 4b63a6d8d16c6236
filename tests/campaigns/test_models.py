"""Ordinary records refuse what cannot be true, each at the field to mend."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from campaigns.models import Action, Bill, Document, Organization, Position, Response
from tests.factories import (
    make_action,
    make_bill,
    make_campaign,
    make_company,
    make_document,
    make_organization,
    make_target,
)

pytestmark = pytest.mark.django_db

TODAY = dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC)

type_of_event = pytest.mark.parametrize(
    ("make", "dated"),
    [
        (lambda: Action(campaign=make_campaign(), kind="report", title="Report"), "happened"),
        (lambda: Response(target=make_target(), kind="denial", summary="No."), "happened"),
        (lambda: Position(company=make_company(), bill=make_bill(), stance="supports"), "taken"),
    ],
    ids=["action", "response", "position"],
)


def errors(row: models.Model) -> dict[str, list[str]]:
    """What full validation refuses, by field."""
    try:
        row.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


@type_of_event
@time_machine.travel(TODAY, tick=False)
def test_what_was_said_or_done_is_not_dated_in_the_future(
    make: Callable[[], models.Model], dated: str
) -> None:
    row = make()
    for day in (dt.date(2026, 3, 3), dt.date(2062, 3, 1)):
        setattr(row, f"{dated}_on", day)
        assert errors(row) == {f"{dated}_on": ["This day lies in the future."]}

    # The first of these has begun east of here; the others are stored as the days they begin on.
    for day, precision in (
        (dt.date(2026, 3, 2), "day"),
        (dt.date(2026, 3, 31), "month"),
        (dt.date(2026, 12, 31), "year"),
    ):
        setattr(row, f"{dated}_on", day)
        setattr(row, f"{dated}_precision", precision)
        assert errors(row) == {}


@pytest.mark.parametrize(
    ("make", "dated"),
    [
        (lambda **fields: make_action(**fields), "happened"),
        (lambda **fields: make_document(**fields), "published"),
        (lambda **fields: make_bill(**fields), "status"),
    ],
    ids=["action", "document", "bill"],
)
@pytest.mark.parametrize(
    ("precision", "stored"),
    [
        ("day", dt.date(2020, 6, 10)),
        ("month", dt.date(2020, 6, 1)),
        ("year", dt.date(2020, 1, 1)),
    ],
)
def test_an_imprecise_date_is_stored_as_the_first_day_of_its_period(
    make: Callable[..., models.Model], dated: str, precision: str, stored: dt.date
) -> None:
    fields: dict[str, Any] = {
        f"{dated}_on": dt.date(2020, 6, 10),
        f"{dated}_precision": precision,
    }
    row = make(**fields)

    row.full_clean()

    assert getattr(row, f"{dated}_on") == stored


def test_a_date_that_is_not_known_stays_unknown() -> None:
    document, bill = make_document(published_on=None), make_bill(status_on=None)

    document.full_clean()
    bill.full_clean()

    assert Document.objects.get().published_on is None
    assert Bill.objects.get().status_on is None


@pytest.mark.parametrize(("count", "is_valid"), [(2_000_000_000, True), (2_000_000_001, False)])
def test_more_participants_than_the_database_can_count_are_refused(
    count: int, is_valid: bool
) -> None:
    action = make_action()
    action.participants_count = count

    assert errors(action).keys() == (set() if is_valid else {"participants_count"})


def test_the_database_refuses_a_number_of_participants_that_forms_refuse() -> None:
    for count in (0, 2_000_000_001):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_action(participants_count=count)


def test_an_answer_is_not_asked_for_before_the_action_and_the_database_agrees() -> None:
    action = make_action()
    action.respond_by = action.happened_on
    assert errors(action) == {}
    action.respond_by = action.happened_on - dt.timedelta(days=1)
    assert errors(action) == {"respond_by": ["This day lies before the action."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        action.save()


def test_a_circle_of_organizations_is_refused() -> None:
    grandparent = make_organization()
    parent = make_organization(parent=grandparent)
    grandparent.parent = make_organization(parent=parent)

    assert errors(grandparent) == {"parent": ["This would make the organization its own parent."]}


def test_a_circle_on_record_does_not_keep_a_form_waiting_for_ever() -> None:
    first = make_organization()
    second = make_organization(parent=first)
    Organization.objects.filter(pk=first.pk).update(parent=second)

    in_circle = Organization.objects.get(pk=second.pk)
    assert set(errors(Organization(name="Third", slug="third", parent=in_circle))) == {"parent"}


@pytest.mark.parametrize("name", ["ACADÉMIE", "Acade\u0301mie", "  Académie "])
def test_two_organizations_of_one_name_are_refused(name: str) -> None:
    make_organization("Académie")

    assert errors(Organization(name=name, slug="second")) == {
        "name": ["An organization of this name exists already."]
    }
    with pytest.raises(IntegrityError):
        make_organization(name)

"""Corrections and retractions in the admin: guided, with all that was known."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from campaigns.models import StatusChange, Target
from campaigns.statuses import Status
from tests.campaigns.reading import errors
from tests.factories import (
    make_change,
    make_citation_draft,
    make_outcome_draft,
)

pytestmark = pytest.mark.django_db


def values_of(response: Any) -> dict[str, Any]:
    """What a browser would send back of a form that nobody touched."""
    form = response.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


HASH = "ab" * 32


@pytest.fixture
def wrong() -> StatusChange:
    """A moratorium of which something is wrong, with two sources, one of them kept."""
    return make_change(
        to_status=Status.PAUSED,
        summary="A pause.",
        outcome=make_outcome_draft(exemptions=("Thorn",)),
        citations=[
            make_citation_draft("said so", snapshot_hash=HASH),
            make_citation_draft("said it too"),
        ],
    )


def test_a_correction_begins_with_what_was_recorded_and_keeps_all_its_evidence(
    admin_client: Client, wrong: StatusChange
) -> None:
    address = f"/admin/campaigns/statuschange/{wrong.pk}/correct/"
    values = values_of(admin_client.get(f"{address}?write=1"))
    assert values["outcome_exemptions"] == "Thorn"

    admin_client.post(address, values | {"effective_on": "2020-06-09"})

    correction = StatusChange.objects.get(corrects=wrong)
    assert (correction.kind, correction.effective_on) == ("correction", dt.date(2020, 6, 9))
    assert correction.outcome == wrong.outcome
    kept = [(row.quote, row.snapshot_hash) for row in correction.citations.all()]
    assert kept == [("said so", HASH), ("said it too", "")]


def test_a_corrected_term_is_a_new_version_of_the_outcome(
    admin_client: Client, wrong: StatusChange
) -> None:
    address = f"/admin/campaigns/statuschange/{wrong.pk}/correct/"
    values = values_of(admin_client.get(f"{address}?write=1"))

    admin_client.post(address, values | {"outcome_expires_on": "2021-12-31"})

    outcome = StatusChange.objects.get(corrects=wrong).outcome
    assert outcome is not None
    assert (outcome.supersedes, outcome.expires_on) == (wrong.outcome, dt.date(2021, 12, 31))
    assert [exemption.name for exemption in outcome.exemptions.all()] == ["Thorn"]


def test_a_correction_that_corrects_nothing_is_refused(
    admin_client: Client, wrong: StatusChange
) -> None:
    address = f"/admin/campaigns/statuschange/{wrong.pk}/correct/"

    response = admin_client.post(address, values_of(admin_client.get(f"{address}?write=1")))

    assert "Nothing is different" in response.content.decode()
    assert not StatusChange.objects.filter(corrects=wrong).exists()


def test_a_retraction_needs_a_reason(admin_client: Client) -> None:
    change = make_change(to_status=Status.CALLED_ON)
    address = f"/admin/campaigns/statuschange/{change.pk}/retract/"

    assert "required" in errors(admin_client.post(address, {"summary": ""}))["summary"]
    admin_client.post(address, {"summary": "It was another company."})

    retraction = StatusChange.objects.get(corrects=change)
    assert (retraction.to_status, retraction.summary) == (None, "It was another company.")
    assert Target.objects.get().status is None


@pytest.mark.parametrize("verb", ["correct", "retract"])
def test_what_was_corrected_meanwhile_leads_to_what_replaced_it(
    admin_client: Client, wrong: StatusChange, verb: str
) -> None:
    right = make_change(wrong.target, Status.PARTIAL, wrong.effective_on, corrects=wrong)

    response = admin_client.get(f"/admin/campaigns/statuschange/{wrong.pk}/{verb}/")

    assert response.headers["Location"] == f"/admin/campaigns/statuschange/{right.pk}/change/"


def test_what_was_corrected_offers_no_second_correction(admin_client: Client) -> None:
    wrong = make_change(to_status=Status.CALLED_ON)
    address = f"/admin/campaigns/statuschange/{wrong.pk}/"
    assert f"{address}correct/" in admin_client.get(f"{address}change/").content.decode()

    make_change(wrong.target, None, wrong.effective_on, corrects=wrong)

    assert f"{address}correct/" not in admin_client.get(f"{address}change/").content.decode()

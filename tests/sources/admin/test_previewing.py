"""Before a finding is accepted, what that records can be seen as it will be read."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.models import Document, FeedEntry, Outcome, StatusChange, Target
from campaigns.statuses import Status
from sources.models import Finding, Review
from tests.access.worlds import make_world
from tests.alerts.factories import make_subscription
from tests.factories import make_change
from tests.sources.admin.desk import LIST, address, errors_of, form_of
from tests.sources.factories import make_finding

pytestmark = pytest.mark.django_db

NOTHING_YET = "Nothing is recorded yet"


def test_a_preview_shows_entry_mail_and_reach_and_records_nothing(
    admin_client: Client, finding: Finding
) -> None:
    make_subscription()
    data = form_of(admin_client, finding, "preview") | {"summary": "Amazon pauses for a year."}

    page = admin_client.post(address(finding), data).content.decode()

    assert NOTHING_YET in page
    assert page.count("Amazon pauses for a year.") >= 3  # the entry, the mail, the form
    for words in ("Thorn", "10 June 2021", "<strong>1</strong> person by mail, at once"):
        assert words in page
    assert "Accept silently records the same, and nobody is told." in page
    assert StatusChange.objects.count() == FeedEntry.objects.count() == 1
    for model in (Review, Outcome, Document):
        assert not model._default_manager.exists()


def test_what_was_previewed_is_what_accepting_records(
    admin_client: Client, finding: Finding
) -> None:
    data = form_of(admin_client, finding, "preview") | {"summary": "Amazon pauses for a year."}
    page = admin_client.post(address(finding), data)
    agreed = data | {"action": "accept", "previewed": page.context["previewed"]}

    changed = admin_client.post(address(finding), agreed | {"summary": "Never previewed."})
    assert NOTHING_YET in changed.content.decode()
    assert "Nothing was recorded." not in changed.content.decode()
    assert StatusChange.objects.count() == 1

    assert admin_client.post(address(finding), agreed)["Location"] == LIST
    change = StatusChange.objects.get(to_status=Status.PAUSED)
    assert (change.summary, change.is_silent) == ("Amazon pauses for a year.", False)


def test_what_would_be_refused_is_refused_in_the_preview(
    admin_client: Client, finding: Finding
) -> None:
    data = form_of(admin_client, finding, "preview") | {"quote": "Nobody said this."}
    answer = admin_client.post(address(finding), data)
    assert set(errors_of(answer)) == {"quote"}
    assert NOTHING_YET not in answer.content.decode()


def test_who_previews_what_somebody_else_decided_is_told_and_keeps_what_was_typed(
    admin_client: Client, finding: Finding
) -> None:
    data = form_of(admin_client, finding, "preview") | {"summary": "Amazon pauses for a year."}
    rival = make_change(finding.target, Status.PAUSED)
    page = admin_client.post(address(finding), data).content.decode()
    assert NOTHING_YET not in page
    assert "link the finding to the existing change" in page
    assert str(rival.effective_on.year) in page
    assert "Amazon pauses for a year." in page


def test_who_may_not_review_previews_nothing() -> None:
    world = make_world()
    target = world.public.rows["target"]
    assert isinstance(target, Target)
    finding = make_finding(target)
    answer = world.client("member").post(address(finding), {"action": "preview"})
    assert answer.status_code in (403, 404)


def test_a_preview_of_a_finding_costs_a_bounded_number_of_queries(
    admin_client: Client,
    finding: Finding,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for status in (Status.REFUSED, Status.UNDER_REVIEW, Status.PARTIAL):
        make_change(finding.target, status)
    make_subscription()
    data = form_of(admin_client, finding, "preview")
    with django_assert_max_num_queries(80):
        page = admin_client.post(address(finding), data).content.decode()
    assert NOTHING_YET in page

"""Sources, watches, findings and reviews hold together."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import Settings

from sources.models import Finding, Review, Source, Watch
from tests.factories import NOW, make_target
from tests.sources.factories import make_finding, make_snapshot, make_source, make_watch

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://acme.example/policy", "must begin with http"),
        ("javascript:alert(1)", "must begin with http"),
        ("file:///etc/passwd", "must begin with http"),
        ("http://", "valid URL"),
        ("http://127.0.0.1/policy", "loopback"),
        ("http://2130706433/policy", "loopback"),
        ("http://[::1]/policy", "IPv6"),
        ("http://169.254.169.254/latest/meta-data", "link-local"),
        ("http://10.1.2.3/", "private"),
        ("http://user:secret@acme.example/", "user name or password"),
        ("https://acme.example/feed?page=1&api_key=s3cret", "“api_key” in it looks like a key"),
    ],
)
def test_a_url_that_may_not_be_fetched_is_refused_with_the_reason(url: str, problem: str) -> None:
    source = Source(name="Policy", slug="policy", url=url)
    with pytest.raises(ValidationError) as caught:
        source.full_clean()
    assert set(caught.value.message_dict) == {"url"}
    assert problem in " ".join(caught.value.message_dict["url"])


def test_a_url_is_stored_as_it_is_fetched() -> None:
    source = Source(name="Policy", slug="policy", url="HTTPS://Acme.Example/policy?a=1#part")
    source.full_clean()
    assert source.url == "https://acme.example/policy?a=1"


def test_networks_that_are_allowed_are_not_refused(settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    Source(name="Policy", slug="policy", url="http://127.0.0.1:8000/policy").full_clean()


def test_one_url_is_one_source() -> None:
    make_source("https://acme.example/policy")
    with pytest.raises(ValidationError, match="is a source already"):
        Source(name="Again", slug="again", url="https://acme.example/policy").full_clean()


def test_a_source_is_polled_at_most_every_minute() -> None:
    with pytest.raises(ValidationError) as caught:
        Source(name="P", slug="p", url="https://a.example", interval_minutes=0).full_clean()
    assert set(caught.value.message_dict) == {"interval_minutes"}


def test_saving_an_edit_leaves_lease_and_health_alone() -> None:
    source = make_source()
    lease = uuid.uuid4()
    Source.objects.filter(pk=source.pk).update(
        lease=lease, leased_until=NOW, failing_since=NOW, failures_count=2, last_cause="dns"
    )
    source.name = "Renamed"
    source.save()
    source.refresh_from_db()
    assert (source.name, source.lease, source.failures_count) == ("Renamed", lease, 2)
    assert source.is_failing


def test_a_source_is_watched_once_for_a_target() -> None:
    watch = make_watch(make_source())
    with pytest.raises(ValidationError, match="watched for this target already"):
        Watch(source=watch.source, target=watch.target).full_clean()


def test_sources_are_found_by_campaign_once_each() -> None:
    source = make_source()
    target = make_watch(source).target
    make_watch(source, make_target(target.campaign))
    make_watch(make_source())
    assert list(Source.objects.for_campaign(target.campaign)) == [source]


def test_what_is_due_is_active_and_free_and_its_time_has_come() -> None:
    due = make_source(next_poll_at=NOW)
    make_source(next_poll_at=NOW + dt.timedelta(seconds=1))
    make_source(next_poll_at=NOW, is_active=False)
    make_source(next_poll_at=NOW, leased_until=NOW + dt.timedelta(seconds=1))
    dead = make_source(next_poll_at=NOW, leased_until=NOW)
    assert set(Source.objects.due(NOW)) == {due, dead}


def test_a_finding_is_pending_until_it_is_reviewed() -> None:
    pending, reviewed = make_finding(), make_finding()
    Review.objects.create(
        finding=reviewed, verdict="dismissed", category="old_news", reviewed_at=NOW
    )
    assert list(Finding.objects.pending()) == [pending]


def test_one_snapshot_suggests_a_status_of_a_target_once() -> None:
    finding = make_finding()
    make_finding(finding.target, finding.snapshot, proposed_status="met")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_finding(finding.target, finding.snapshot)


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": "dismissed"},
        {"verdict": "dismissed", "category": "other"},
        {"verdict": "dismissed", "category": "nonsense", "reason": "x"},
        {"verdict": "accepted"},
        {"verdict": "linked"},
        {"verdict": "nonsense", "reason": "x"},
    ],
)
def test_a_verdict_without_its_grounds_is_refused_by_the_database(fields: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(finding=make_finding(), reviewed_at=NOW, **fields)


def test_a_failed_poll_without_a_cause_is_refused_by_the_database() -> None:
    poll = make_snapshot().poll
    assert poll is not None
    poll.result = "failed"
    with pytest.raises(IntegrityError), transaction.atomic():
        poll.save()

"""JSON as it is polled: a value that reports a status, and a list of rows."""

import datetime as dt
import json
from typing import Any

import pytest

from campaigns.models import Target
from campaigns.statuses import Status
from config.demo.site import Site
from sources.causes import Cause
from sources.kinds import PollResult, SourceKind
from sources.models import Finding, Poll, Snapshot, Source
from sources.services import begin_anew, poll_sources
from tests.factories import make_campaign, make_change, make_company, make_target
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import DAY_OF_ANNOUNCEMENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

NOW = DAY_OF_ANNOUNCEMENT
HOUR = dt.timedelta(hours=1)
JSON = {"Content-Type": "application/json"}
VALUE = {
    "kind": "value",
    "path": "$.policy.status",
    "statuses": {"On hold": "paused", "Ended for good": "met"},
}
ROWS = {"kind": "rows", "path": "$.vendors", "key": ["id"], "ignored": ["views"]}


def poll(source: Source, hours: int = 0) -> Poll:
    [result] = poll_sources(source_ids=[source.pk], now=NOW + hours * HOUR)
    source.refresh_from_db()
    return result


def set_value(site: Site, value: object, **others: object) -> str:
    document = {"policy": {"status": value}} | others
    return site.set("/status.json", json.dumps(document), headers=JSON)


@pytest.fixture
def tracker(site: Site, amazon: Target) -> Source:
    """A document whose value reported no status at the first poll."""
    source = make_source(set_value(site, "In use"), kind=SourceKind.JSON, rules=VALUE)
    make_watch(source, amazon)
    assert poll(source).result == PollResult.BASELINE
    return source


def test_a_value_reports_its_status_for_targets_that_have_another(
    site: Site, tracker: Source, amazon: Target
) -> None:
    paused = make_target()
    make_change(paused, Status.CALLED_ON, dt.date(2020, 1, 1))
    make_change(paused, Status.PAUSED, dt.date(2020, 2, 1))
    make_watch(tracker, paused)
    untold = make_target()
    make_watch(tracker, untold)
    set_value(site, "  ON HOLD ")
    changed = poll(tracker, 1)
    assert changed.result == PollResult.CHANGED
    assert "“In use”" in changed.detail
    findings = Finding.objects.order_by("target")
    assert {finding.target for finding in findings} == {amazon, untold}
    for finding in findings:
        assert (finding.proposed_status, finding.extends) == ("paused", False)
        assert finding.passage == finding.snapshot.text.strip()
        assert finding.reasons == [changed.detail]
        assert finding.url == tracker.url


def test_a_status_is_reported_at_a_change_and_not_at_every_visit(
    site: Site, tracker: Source
) -> None:
    set_value(site, "On hold")
    poll(tracker, 1)
    set_value(site, "On hold", views=2)
    assert poll(tracker, 2).result == PollResult.UNCHANGED
    assert Finding.objects.count() == 1


def test_the_status_of_a_first_poll_is_a_silent_baseline(site: Site, amazon: Target) -> None:
    source = make_source(set_value(site, "On hold"), kind=SourceKind.JSON, rules=VALUE)
    make_watch(source, amazon)
    assert poll(source).result == PollResult.BASELINE
    assert not Finding.objects.exists()


def test_a_value_without_a_status_is_a_change_that_reports_none(
    site: Site, tracker: Source
) -> None:
    set_value(site, "Under discussion")
    assert poll(tracker, 1).result == PollResult.CHANGED
    assert Snapshot.objects.first().text == "Under discussion"  # type: ignore[union-attr]
    assert not Finding.objects.exists()


def test_a_trusted_watch_records_what_a_value_reports(
    site: Site, tracker: Source, amazon: Target
) -> None:
    tracker.watches.update(is_trusted=True)
    set_value(site, "On hold")
    poll(tracker, 1)
    amazon.refresh_from_db()
    assert amazon.status == Status.PAUSED


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ('{"policy": {}}', Cause.SELECTOR_GONE),
        ('{"policy": {"status": "On hold"', Cause.INCOMPLETE),
        ("<html><p>On hold</p></html>", Cause.WRONG_TYPE),
    ],
)
def test_a_document_without_the_value_is_a_failure(
    site: Site, tracker: Source, body: str, cause: Cause
) -> None:
    site.set("/status.json", body, headers=JSON)
    assert poll(tracker, 1).cause == cause
    set_value(site, "In use", views=1)
    assert poll(tracker, 2).result == PollResult.UNCHANGED


def vendor(key: int, **fields: Any) -> dict[str, Any]:
    return {"id": key, "product": f"Camera {key}", "note": "sold to police", "views": 0} | fields


def set_rows(site: Site, *rows: dict[str, Any]) -> str:
    return site.set("/vendors.json", json.dumps({"vendors": rows}), headers=JSON)


@pytest.fixture
def acme(db: None) -> Target:
    """Acme, asked to stop selling face recognition to police."""
    target = make_target(make_campaign(), make_company("Acme"))
    make_change(target, Status.CALLED_ON, dt.date(2018, 5, 22), NOW)
    target.refresh_from_db()
    return target


@pytest.fixture
def rows(site: Site, acme: Target) -> Source:
    """A list of eight rows."""
    url = set_rows(site, *map(vendor, range(8)))
    source = make_source(url, kind=SourceKind.JSON, rules=ROWS)
    make_watch(source, acme)
    assert poll(source).result == PollResult.BASELINE
    return source


def test_rows_that_are_new_edited_and_gone_are_told_apart(site: Site, rows: Source) -> None:
    set_rows(site, *map(vendor, range(1, 7)), vendor(7, note="recalled"), vendor(8), vendor(9))
    changed = poll(rows, 1)
    assert changed.result == PollResult.CHANGED
    assert changed.detail == "rows: 2 new, 1 edited, 1 gone"


def test_reordered_rows_and_ignored_fields_make_no_difference(site: Site, rows: Source) -> None:
    set_rows(site, *(vendor(key, views=key * 7) for key in reversed(range(8))))
    assert poll(rows, 1).result == PollResult.UNCHANGED


def test_the_passage_of_an_edited_row_is_where_the_snapshot_has_it(
    site: Site, rows: Source, acme: Target
) -> None:
    news = "Acme announced a one-year moratorium on police use of its face recognition service."
    set_rows(site, *map(vendor, range(7)), vendor(7, note=news))
    assert poll(rows, 1).result == PollResult.CHANGED
    finding = Finding.objects.get()
    assert (finding.target, finding.proposed_status) == (acme, "paused")
    text = finding.snapshot.text
    assert text[finding.passage_start : finding.passage_end] == finding.passage
    assert "moratorium" in finding.passage


@pytest.mark.parametrize("left", [(), (0, 1, 2)])
def test_a_list_that_loses_most_of_its_rows_is_refused_and_shown(
    site: Site, rows: Source, left: tuple[int, ...]
) -> None:
    set_rows(site, *map(vendor, left))
    refused = poll(rows, 1)
    assert refused.result == PollResult.FAILED
    if left:
        assert refused.cause == Cause.SUSPICIOUS_CHANGE
        assert refused.detail == "rows: 0 new, 0 edited, 5 gone"
    else:
        assert refused.cause == Cause.EMPTY
    assert (rows.last_cause, rows.last_detail) == (refused.cause, refused.detail)
    assert Snapshot.objects.count() == 1
    set_rows(site, *map(vendor, range(8)))
    assert poll(rows, 2).result == PollResult.UNCHANGED


def test_beginning_anew_accepts_a_list_that_was_refused(site: Site, rows: Source) -> None:
    set_rows(site, *map(vendor, range(100, 108)))
    assert poll(rows, 1).detail == "rows: 8 new, 0 edited, 8 gone"
    begin_anew(source_ids=[rows.pk], now=NOW + 2 * HOUR)
    assert poll(rows, 3).result == PollResult.BASELINE
    assert poll(rows, 4).result == PollResult.UNCHANGED


@pytest.mark.parametrize(
    ("kind", "rules", "said"),
    [
        (SourceKind.JSON, {"kind": "value"}, "The rules for JSON lack a part"),
        (SourceKind.JSON, VALUE | {"path": "$.["}, "In the path “$.[”: “.[” cannot be read"),
        (SourceKind.JSON, VALUE | {"statuses": {"On hold": "stopped"}}, "“stopped” is no status."),
        (SourceKind.PAGE, {"include": ["main["]}, "“main[”, is not a CSS selector"),
        (SourceKind.BILL, {"form": "gazette"}, "The form of a bill is one of"),
    ],
)
def test_saved_rules_that_are_broken_are_named_and_soon_flagged(
    site: Site, kind: SourceKind, rules: dict[str, Any], said: str
) -> None:
    source = make_source(set_value(site, "In use"), kind=kind, rules=rules)
    failed = poll(source)
    assert (failed.result, failed.cause) == (PollResult.FAILED, Cause.BAD_RULES)
    assert said in failed.detail
    assert (source.last_cause, source.last_detail) == (Cause.BAD_RULES, failed.detail)
    broken = Source.objects.filter(broken_since__isnull=False)
    assert not broken.exists()
    poll(source, 1)
    assert broken.exists()
    assert source.next_poll_at - NOW > dt.timedelta(hours=12)


def test_mended_rules_are_followed_at_the_next_poll(site: Site) -> None:
    source = make_source(set_value(site, "In use"), kind=SourceKind.JSON, rules={"kind": "value"})
    poll(source)
    source.rules = VALUE
    source.save()
    assert poll(source, 1).result == PollResult.BASELINE
    assert not source.is_failing

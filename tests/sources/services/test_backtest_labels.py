"""What a line of the backtest set says should be found, and when nobody can tell."""

import datetime as dt
from typing import Any

import pytest

from campaigns.models import Target
from campaigns.statuses import Status
from sources.kinds import SourceKind
from sources.models import Finding
from sources.services import (
    accept_finding,
    add_to_backtest_set,
    backtest_lines,
    dismiss_finding,
    link_finding,
)
from tests.factories import NOW, make_change, make_outcome_draft, make_target
from tests.sources.factories import PASSAGE, make_finding, make_snapshot

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
LATER = NOW + HOUR
DAY = dt.date(2020, 6, 10)
WHOLE: dict[str, Any] = {"body_start": 0, "body_end": 100}


def dismissed(finding: Finding, category: str = "no_change") -> Finding:
    dismiss_finding(finding=finding, category=category, reviewer=None, now=LATER, is_labelled=True)
    return finding


def labelled(finding: Finding) -> None:
    add_to_backtest_set(finding=finding, editor=None, now=LATER)


def lines_and_reasons() -> tuple[list[dict[str, Any]], list[str]]:
    everything = list(backtest_lines())
    return [one.line for one in everything if one.line], [
        one.why_not for one in everything if one.why_not
    ]


def pair(target: Target, **of_second: Any) -> tuple[Finding, Finding]:
    """Two findings of one snapshot: of a refusal, and of the moratorium that there is."""
    first = make_finding(target, proposed_status="refused", **WHOLE)
    second = make_finding(target, first.snapshot, effective_on=DAY, **(of_second or WHOLE))
    return first, second


def test_what_was_dismissed_beside_an_accepted_finding_of_the_same_text_is_left_out(
    amazon: Target,
) -> None:
    wrong, right = pair(amazon)
    dismissed(wrong)
    assert len(lines_and_reasons()[0]) == 1
    accept_finding(finding=right, reviewer=None, now=LATER)
    assert lines_and_reasons() == (
        [],
        ["Another finding in the same text was taken for a change."],
    )
    labelled(right)
    [line], _reasons = lines_and_reasons()
    assert line["expected"]["status"] == "paused"


@pytest.mark.parametrize("was_before", [True, False])
def test_a_sibling_that_was_linked_counts_unless_its_change_was_on_record(
    amazon: Target, *, was_before: bool
) -> None:
    recorded_at = NOW + dt.timedelta(minutes=-1 if was_before else 1)
    change = make_change(amazon, Status.PAUSED, DAY, recorded_at, outcome=make_outcome_draft())
    wrong, right = pair(amazon)
    link_finding(finding=right, change=change, reviewer=None, now=LATER)
    dismissed(wrong)
    assert len(lines_and_reasons()[0]) == was_before


def test_a_sibling_of_which_it_is_not_known_what_was_read_may_be_of_the_same_text(
    amazon: Target,
) -> None:
    wrong, right = pair(amazon, body_start=None, body_end=None)
    accept_finding(finding=right, reviewer=None, now=LATER)
    dismissed(wrong)
    assert lines_and_reasons()[0] == []


def test_an_accepted_finding_of_another_entry_or_target_says_nothing_of_the_text(
    amazon: Target,
) -> None:
    text = f"Amazon said no.\n\n{PASSAGE}"
    feed = make_snapshot(text=text, kind=SourceKind.FEED)
    dismissed(
        make_finding(
            amazon,
            feed,
            passage="Amazon said no.",
            proposed_status="refused",
            body_start=0,
            body_end=15,
        )
    )
    place: dict[str, Any] = {
        "body_start": text.index(PASSAGE),
        "body_end": len(text),
        "effective_on": DAY,
    }
    accept_finding(finding=make_finding(amazon, feed, **place), reviewer=None, now=LATER)
    other = make_finding(make_target(), feed, **WHOLE, effective_on=DAY)
    accept_finding(finding=other, reviewer=None, now=LATER)
    [line], reasons = lines_and_reasons()
    assert (line["text"], line["expected"]) == ("Amazon said no.", None)
    assert reasons == []


def test_what_was_dismissed_as_on_record_is_a_trap_if_it_was_when_it_was_found(
    amazon: Target,
) -> None:
    make_change(amazon, Status.REFUSED, DAY, NOW - HOUR)
    dismissed(make_finding(amazon, proposed_status="refused"), "on_record")
    [line], _reasons = lines_and_reasons()
    assert (line["expected"], line["trap"]) == (None, "on_record")


def test_what_was_recorded_only_after_it_was_found_makes_no_trap_of_it(amazon: Target) -> None:
    finding = make_finding(amazon, proposed_status="refused")
    # A trusted watch records at the very moment of its finding, which is that of this one.
    make_change(amazon, Status.REFUSED, DAY, NOW)
    dismissed(finding, "on_record")
    lines, [why] = lines_and_reasons()
    assert lines == []
    assert "already on record" in why


def test_what_was_dismissed_as_on_record_though_nothing_was_is_left_out() -> None:
    target = make_target()
    finding = dismissed(make_finding(target), "on_record")
    assert lines_and_reasons()[0] == []
    # What is recorded afterwards does not make it right.
    make_change(finding.target, Status.CALLED_ON, DAY, LATER + HOUR)
    assert lines_and_reasons()[0] == []


def test_what_was_recorded_after_the_dismissal_does_not_matter(amazon: Target) -> None:
    make_change(amazon, Status.REFUSED, DAY, NOW - HOUR)
    dismissed(make_finding(amazon, proposed_status="refused"), "on_record")
    make_change(amazon, Status.PAUSED, DAY, LATER + HOUR, outcome=make_outcome_draft())
    assert len(lines_and_reasons()[0]) == 1


@pytest.mark.parametrize(("status", "extends"), [("paused", True), ("refused", False)])
def test_what_extends_has_the_status_that_was_on_record_whatever_was_recorded_first(
    amazon: Target, status: str, *, extends: bool
) -> None:
    """Both ways: an extension corrected to a change, and a change corrected to an extension."""
    make_change(amazon, Status.PAUSED, DAY, NOW - HOUR, outcome=make_outcome_draft())
    later = dt.date(2021, 5, 18)
    finding = make_finding(
        amazon,
        proposed_status="refused" if extends else "paused",
        extends=not extends,
        effective_on=later,
        expires_on=None if extends else dt.date(2022, 6, 10),
    )
    change = accept_finding(finding=finding, reviewer=None, now=LATER)
    labelled(finding)
    [line], _reasons = lines_and_reasons()
    assert line["expected"]["extends"] is not extends
    outcome = make_outcome_draft(expires_on=dt.date(2023, 6, 10)) if extends else None
    make_change(amazon, status, later, LATER + HOUR, corrects=change, outcome=outcome)
    [line], _reasons = lines_and_reasons()
    assert (line["expected"]["status"], line["expected"]["extends"]) == (status, extends)


def test_an_address_is_written_without_what_may_be_a_key(amazon: Target) -> None:
    address = "https://user:pass@press.example:8443/private/feed.xml?token=s3cret&page=2#s3cret"
    dismissed(make_finding(amazon, url=address))
    [line], _reasons = lines_and_reasons()
    assert line["url"] == "https://press.example:8443/private/feed.xml"

"""The backtest set: what is in it, what it says, and what it keeps to itself."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User

from campaigns.models import Target
from campaigns.services import withdraw_campaign
from campaigns.statuses import Status
from sources.errors import NoLabel
from sources.kinds import SourceKind
from sources.models import Finding, LabelledFinding, Review
from sources.services import (
    accept_finding,
    add_to_backtest_set,
    backtest_lines,
    dismiss_finding,
    link_finding,
    remove_snapshot,
    take_out_of_backtest_set,
)
from tests.factories import (
    NOW,
    make_campaign,
    make_change,
    make_company,
    make_product,
    make_target,
    make_topic,
)
from tests.sources.factories import PASSAGE, make_finding, make_snapshot, make_source

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=1)
DAY = dt.date(2020, 6, 10)
MOST_QUERIES = 14


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor")


@pytest.fixture
def finding(amazon: Target) -> Finding:
    return make_finding(amazon, effective_on=DAY, expires_on=dt.date(2021, 6, 10))


def dismissed(finding: Finding, category: str = "old_news") -> Finding:
    dismiss_finding(finding=finding, category=category, reviewer=None, now=LATER, is_labelled=True)
    return finding


def only_line() -> dict[str, Any]:
    [one] = backtest_lines()
    assert one.line is not None, one.why_not
    return one.line


def why_left_out() -> str:
    [one] = backtest_lines()
    assert one.line is None
    return one.why_not


def test_adding_twice_adds_once_and_it_can_be_taken_out_again(
    finding: Finding, editor: User
) -> None:
    dismiss_finding(finding=finding, category="old_news", reviewer=editor, now=NOW)
    first = add_to_backtest_set(finding=finding, editor=editor, now=NOW)
    assert add_to_backtest_set(finding=finding, editor=editor, now=LATER) == first
    assert LabelledFinding.objects.get().added_at == NOW
    assert take_out_of_backtest_set(finding=finding)
    assert not take_out_of_backtest_set(finding=finding)
    assert list(backtest_lines()) == []


def test_what_nobody_decided_about_has_no_label(finding: Finding, editor: User) -> None:
    with pytest.raises(NoLabel, match="Decide about it first"):
        add_to_backtest_set(finding=finding, editor=editor, now=NOW)
    assert not LabelledFinding.objects.exists()


@pytest.mark.parametrize("kind", [SourceKind.BILL, SourceKind.JSON])
def test_what_was_read_from_no_words_is_not_dismissed_into_the_set(
    amazon: Target, kind: str
) -> None:
    finding = make_finding(amazon, make_snapshot(kind=kind))
    with pytest.raises(NoLabel, match="a bill or a value"):
        dismissed(finding)
    assert not Review.objects.exists()


def test_a_row_of_a_list_is_read_from_words(amazon: Target) -> None:
    text = f"One row.\n\n{PASSAGE}"
    snapshot = make_snapshot(text=text, kind=SourceKind.JSON)
    dismissed(make_finding(amazon, snapshot, body_start=text.index(PASSAGE), body_end=len(text)))
    assert only_line()["text"] == PASSAGE


def test_an_entry_that_changed_is_written_with_what_it_said_before(amazon: Target) -> None:
    snapshot = make_snapshot(text=PASSAGE, kind=SourceKind.FEED)
    was = "Amazon sells Rekognition to the police."
    dismissed(make_finding(amazon, snapshot, body_end=len(PASSAGE), body_before=was))
    line = only_line()
    assert was in line["before_html"]
    assert PASSAGE in line["after_html"]


def test_a_dismissed_finding_expects_nothing_and_its_reason_is_the_trap(finding: Finding) -> None:
    dismissed(finding, "other_demand")
    line = only_line()
    assert (line["expected"], line["trap"]) == (None, "other_demand")
    assert line["id"] == f"finding-{finding.pk}"
    assert line["published"] == "2026-03-01"
    assert line["targets"] == [
        {
            "company": "Amazon",
            "aliases": ["AWS", "Amazon Web Services"],
            "products": ["Rekognition"],
            "demand": "Stop selling face recognition to police",
            "topic": "",
            "status": "called_on",
            "status_since": "2018-05-22",
        }
    ]


def test_an_accepted_finding_expects_what_was_recorded_and_knows_the_status_before(
    finding: Finding, editor: User
) -> None:
    accept_finding(finding=finding, reviewer=editor, now=finding.created_at)
    add_to_backtest_set(finding=finding, editor=editor, now=LATER)
    line = only_line()
    assert line["expected"] == {
        "company": "Amazon",
        "status": "paused",
        "extends": False,
        "effective_on": "2020-06-10",
        "expires_on": "2021-06-10",
        "sentence": PASSAGE,
    }
    assert line["targets"][0]["status"] == "called_on"
    assert "trap" not in line


def test_what_was_corrected_since_expects_the_correction(finding: Finding, editor: User) -> None:
    change = accept_finding(finding=finding, reviewer=editor, now=LATER)
    add_to_backtest_set(finding=finding, editor=editor, now=LATER)
    fixed = make_change(
        finding.target,
        Status.REFUSED,
        dt.date(2020, 6, 1),
        LATER,
        effective_precision="month",
        corrects=change,
    )
    expected = only_line()["expected"]
    assert (expected["status"], expected["effective_on"]) == ("refused", "2020-06")
    assert expected["expires_on"] is None
    make_change(finding.target, None, DAY, LATER, corrects=fixed)
    assert "retracted" in why_left_out()


@pytest.mark.parametrize("was_before", [True, False])
def test_a_linked_finding_is_a_change_unless_it_was_on_record(
    finding: Finding, editor: User, *, was_before: bool
) -> None:
    recorded_at = finding.created_at + dt.timedelta(minutes=-1 if was_before else 1)
    change = make_change(finding.target, Status.REFUSED, DAY, recorded_at)
    link_finding(finding=finding, change=change, reviewer=editor, now=LATER)
    add_to_backtest_set(finding=finding, editor=editor, now=LATER)
    line = only_line()
    if was_before:
        assert (line["expected"], line["trap"]) == (None, "on_record")
        assert line["targets"][0]["status"] == "refused"
    else:
        assert line["expected"]["status"] == "refused"
        assert line["targets"][0]["status"] == "called_on"


def test_names_are_those_of_the_day_on_which_it_was_found() -> None:
    with time_machine.travel(NOW - dt.timedelta(days=9), tick=False) as clock:
        company = make_company("Aldora", aliases=("Aldora Cloud",))
        campaign = make_campaign("Faces", topics=(make_topic("Face recognition"),))
        target = make_target(campaign, company, product=make_product(company, "Eye"))
        clock.move_to(NOW)
        dismissed(make_finding(target))
        clock.move_to(LATER)
        company.name = "Veridia"
        company.save()
        target.demand = "Stop selling cameras"
        target.save()
        company.aliases.create(name="Veridia Cloud")
        campaign.topics.set([make_topic("Cameras")])
    assert only_line()["targets"] == [
        {
            "company": "Aldora",
            "aliases": ["Aldora Cloud"],
            "products": ["Eye"],
            "demand": "Stop selling face recognition to police",
            "topic": "Face recognition",
            "status": None,
        }
    ]


def test_an_article_is_written_whole_and_a_page_without_its_past_in_short(amazon: Target) -> None:
    text = f"Our policy.\n\n{'Nothing is new here. ' * 200}\n\n{PASSAGE}"
    article = make_snapshot(text=text)
    article.poll = None
    article.save()
    dismissed(make_finding(amazon, article))
    assert only_line()["text"] == text
    LabelledFinding.objects.all().delete()
    dismissed(make_finding(amazon, make_snapshot(text=text, title="Again")))
    shown = only_line()["text"]
    assert shown.endswith(PASSAGE)
    assert len(shown) < 900


def test_what_an_editor_removed_is_not_written_nor_added(finding: Finding, editor: User) -> None:
    dismissed(finding)
    remove_snapshot(snapshot=finding.snapshot, editor=editor, reason="A home address", now=LATER)
    assert "removed" in why_left_out()
    assert take_out_of_backtest_set(finding=finding)
    with pytest.raises(NoLabel, match="removed"):
        add_to_backtest_set(finding=finding, editor=editor, now=LATER)


def test_what_was_removed_of_the_page_before_is_not_written(amazon: Target, editor: User) -> None:
    source = make_source()
    secret = "Jo Smith lives at 3 Elm Street."
    earlier = make_snapshot(source, secret, taken_at=NOW - dt.timedelta(days=1))
    dismissed(make_finding(amazon, make_snapshot(source)))
    assert "Elm Street" in only_line()["before_html"]
    remove_snapshot(snapshot=earlier, editor=editor, reason="A home address", now=LATER)
    line = only_line()
    assert "Elm Street" not in str(line)
    assert PASSAGE in line["text"]


def test_what_belongs_to_a_draft_is_not_written(finding: Finding) -> None:
    dismissed(finding)
    assert only_line()
    withdraw_campaign(campaign=finding.target.campaign, now=LATER)
    assert "draft" in why_left_out()


def test_what_was_found_while_it_was_a_draft_is_written_once_it_is_public() -> None:
    campaign = make_campaign("Faces", is_public=False, topics=(make_topic("Faces"),))
    dismissed(make_finding(make_target(campaign, make_company("Aldora"))))
    assert "draft" in why_left_out()
    type(campaign).objects.filter(pk=campaign.pk).update(published_at=LATER)
    [target] = only_line()["targets"]
    assert (target["company"], target["topic"]) == ("Aldora", "Faces")


def test_the_words_of_who_dismissed_it_and_their_name_are_not_written(amazon: Target) -> None:
    editor = User.objects.create_user("zebra")
    dismiss_finding(
        finding=make_finding(amazon),
        category="other",
        reason="Kim from legal says zebra",
        reviewer=editor,
        now=NOW,
        is_labelled=True,
    )
    assert only_line()["trap"] == "other"
    assert "zebra" not in str(only_line())


def test_a_line_takes_few_queries(finding: Finding, django_assert_max_num_queries: Any) -> None:
    dismissed(finding)
    with django_assert_max_num_queries(MOST_QUERIES):
        only_line()

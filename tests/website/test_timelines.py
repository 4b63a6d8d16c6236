"""The timeline of a campaign: everything in one row, corrections included."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from campaigns.models import Response, Target
from campaigns.statuses import Status
from tests.factories import (
    NOW,
    make_action,
    make_campaign,
    make_change,
    make_document,
    make_target,
)
from tests.website.reading import read, text_of, texts_of
from tests.website.stories import tell_story
from website.timelines import ChangeItem, campaign_timeline

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = (dt.date(2020, month, 1) for month in (5, 6, 7))


def steps(target: Target) -> list[tuple[str | None, str | None]]:
    """From and to of each status change of the timeline, the latest first."""
    return [
        (item.before, item.change.to_status)
        for item in campaign_timeline(target.campaign)
        if isinstance(item, ChangeItem)
    ]


def test_actions_responses_and_changes_are_told_together_the_latest_first(client: Client) -> None:
    tell_story()
    page = read(client, "/campaigns/face-recognition/")
    assert texts_of(page, ".timeline > li .kind") == [
        "Status change",
        "Status change",
        "Status change",
        "Response · refusal",
        "Status change",
        "Action · open letter",
    ]
    assert texts_of(page, ".timeline > li > .when") == [
        "18 May 2021",
        "10 June 2020",
        "June 2018",
        "June 2018",
        "22 May 2018",
        "22 May 2018",
    ]


def test_what_happened_on_one_day_is_told_in_the_order_of_cause() -> None:
    target = make_target()
    change = make_change(target, effective_on=MAY)
    response = Response.objects.create(target=target, kind="denial", summary="No", happened_on=MAY)
    action = make_action(target.campaign, happened_on=MAY)
    latest_first = campaign_timeline(target.campaign)
    assert [item.place[2] for item in latest_first] == [change.pk, response.pk, action.pk]


def test_each_entry_carries_its_citations(client: Client) -> None:
    tell_story()
    page = read(client, "/campaigns/face-recognition/")
    cited = [len(entry.css("figure.citation")) for entry in page.css(".timeline > li")]
    assert cited == [0, 1, 1, 1, 0, 1]
    source = page.css_first("li.action figure.citation")
    assert (
        source.css_first("blockquote").attributes["cite"]
        == source.css_first("a").attributes["href"]
    )


def test_an_action_says_who_how_many_and_to_whom(client: Client) -> None:
    target = make_target()
    action = make_action(target.campaign, participants_count=250, respond_by=dt.date(2020, 7, 1))
    action.targets.add(target)
    entry = text_of(read(client, target.campaign.get_absolute_url()), f"#action-{action.pk}")
    assert "250 participants" in entry
    assert f"To: {target.company.name}" in entry
    assert "Asks for an answer by 1 July 2020" in entry


def test_a_late_record_changes_what_came_before_the_next_entry() -> None:
    target = make_target()
    make_change(target, Status.CALLED_ON, MAY)
    make_change(target, Status.PAUSED, JULY)
    assert steps(target) == [("called_on", "paused"), (None, "called_on")]
    make_change(target, Status.REFUSED, JUNE, now=NOW + dt.timedelta(days=1))
    assert steps(target) == [("refused", "paused"), ("called_on", "refused"), (None, "called_on")]


def test_a_corrected_entry_is_struck_through_and_linked_with_its_correction(client: Client) -> None:
    target = make_target()
    make_change(target, Status.CALLED_ON, MAY)
    wrong = make_change(target, Status.MET, JUNE, summary="All sales stop")
    right = make_change(target, Status.COMMITTED, JUNE, corrects=wrong, summary="No sale to police")
    page = read(client, target.campaign.get_absolute_url())
    struck = page.css_first(f"#change-{wrong.pk}")
    assert "All sales stop" in struck.css("del")[-1].text(deep=True)
    assert struck.css_first(f'a[href="#change-{right.pk}"]') is not None
    assert "Corrected." in text_of(page, f"#change-{wrong.pk}")
    assert page.css(f"#change-{right.pk} del") == []
    assert page.css_first(f'#change-{right.pk} a[href="#change-{wrong.pk}"]') is not None
    assert "called on → to ◐ committed" in text_of(page, f"#change-{right.pk}")


def test_a_retracted_entry_is_struck_through_and_its_retraction_says_so(client: Client) -> None:
    wrong = make_change(summary="It was said that they stopped")
    retraction = make_change(wrong.target, None, corrects=wrong, summary="Nobody had said so")
    page = read(client, wrong.target.campaign.get_absolute_url())
    assert "Retracted. See change" in text_of(page, f"#change-{wrong.pk}")
    assert "Retracted: ○ called on" in text_of(page, f"#change-{retraction.pk}")
    assert "nothing on record" in text_of(page, f"#target-{wrong.target_id}")


def test_the_correction_of_a_correction_strikes_both(client: Client) -> None:
    target = make_target()
    first = make_change(target, Status.MET, JUNE)
    second = make_change(target, Status.PARTIAL, JUNE, corrects=first)
    third = make_change(target, Status.COMMITTED, JUNE, corrects=second)
    struck = read(client, target.campaign.get_absolute_url()).css("li.corrected")
    assert {item.id for item in struck} == {f"change-{first.pk}", f"change-{second.pk}"}
    assert third.pk not in {first.pk, second.pk}


def test_histories_of_two_targets_are_not_mixed() -> None:
    campaign = make_campaign()
    one, other = make_target(campaign), make_target(campaign)
    make_change(one, Status.REFUSED, MAY)
    make_change(other, Status.PAUSED, JUNE)
    assert steps(one) == [(None, "paused"), (None, "refused")]


def test_the_outcomes_citation_is_shown_with_the_change_and_no_citation_twice(
    client: Client,
) -> None:
    story = tell_story()
    cited = story.paused.citations.get()
    assert story.paused.outcome is not None
    cited.document.citations.create(
        outcome=story.paused.outcome, quote=cited.quote, snapshot_hash=cited.snapshot_hash
    )
    make_document().citations.create(outcome=story.paused.outcome, quote="with three exemptions")
    quotes = texts_of(read(client, story.paused.get_absolute_url()), "blockquote")
    assert quotes == [cited.quote, "with three exemptions"]

"""Home, and the page of each noun."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign, Response
from campaigns.statuses import Status
from companies.models import Company
from tests.factories import (
    make_action,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_organization,
    make_outcome_draft,
    make_target,
    make_topic,
)
from tests.website.reading import read, text_of, texts_of
from tests.website.stories import EXEMPTIONS, tell_story

pytestmark = pytest.mark.django_db


def test_home_says_what_this_is_and_how_much_of_it(client: Client) -> None:
    tell_story()
    text = text_of(read(client, "/"))
    assert "Who asked what of which company" in text
    assert "1 campaign · 1 company · 4 status changes" in text


def test_home_shows_the_latest_changes_first_by_the_day_they_took_effect(client: Client) -> None:
    tell_story()
    days = [node.attributes["datetime"] for node in read(client, "/").css(".latest > li time")]
    assert days == ["2021-05-18", "2020-06-10", "2018-06", "2018-05-22"]


def test_home_leaves_out_what_was_retracted(client: Client) -> None:
    wrong = make_change(summary="It was said that they stopped")
    make_change(wrong.target, None, corrects=wrong)
    page = read(client, "/")
    assert "No status change is on record yet." in text_of(page)
    assert "0 status changes" in text_of(page)


def test_campaigns_are_shown_thirty_a_page_and_any_page_number_is_answered(client: Client) -> None:
    for _ in range(31):
        make_campaign()
    assert len(read(client, "/").css(".campaigns > li")) == 30
    assert len(read(client, "/?page=2").css(".campaigns > li")) == 1
    assert len(read(client, "/?page=99").css(".campaigns > li")) == 1
    assert len(read(client, "/?page=none").css(".campaigns > li")) == 30
    assert read(client, "/").css_first("a[rel=next]").attributes["href"] == "?page=2#campaigns"


def test_a_campaign_shows_each_target_with_status_terms_and_condition(client: Client) -> None:
    target = make_target(demand="Stop selling Rekognition to police")
    make_change(
        target,
        Status.PAUSED,
        outcome=make_outcome_draft(exemptions=EXEMPTIONS, condition="until Congress acts"),
    )
    card = text_of(read(client, target.campaign.get_absolute_url()), f"#target-{target.pk}")
    assert "paused since 10 June 2020" in card
    assert "Stop selling Rekognition to police" in card
    assert "No sales to police for one year" in card
    assert "until Congress acts" in card
    assert "10 June 2021" in card
    assert all(name in card for name in EXEMPTIONS)


def test_a_target_without_a_record_says_so(client: Client) -> None:
    target = make_target()
    page = read(client, target.campaign.get_absolute_url())
    assert "nothing on record" in text_of(page, f"#target-{target.pk}")


def test_a_campaign_says_when_its_sources_were_last_read_and_which_cannot_be(
    client: Client,
) -> None:
    tell_story()
    assert texts_of(read(client, "/campaigns/face-recognition/"), ".sources li") == [
        (
            "Amazon news feed — last read successfully 26 February 2026, 12:00 UTC "
            "We could not read it since 27 February 2026, 12:00 UTC"
        ),
        "Amazon policy blog — last read successfully 1 March 2026, 12:00 UTC",
    ]


def test_a_campaign_offers_a_subscription_to_itself(client: Client) -> None:
    campaign = make_campaign()
    button = read(client, campaign.get_absolute_url()).css_first("a.button")
    assert button.attributes["href"] == f"/subscribe/?campaign={campaign.slug}"


def test_a_company_shows_targets_subsidiaries_positions_and_what_it_said(client: Client) -> None:
    story = tell_story()
    ring = story.amazon.subsidiaries.get()
    make_change(make_target(story.campaign, ring, demand="End police partnerships"), Status.REFUSED)
    text = text_of(read(client, "/companies/amazon/"))
    assert "AWS, Amazon.com" in text
    assert "paused since 10 June 2020 Rekognition: Stop selling Rekognition" in text
    assert "Ring ✕ refused since 10 June 2020 End police partnerships" in text
    assert "Supports California AB" in text
    assert "No abuse was reported" in text
    assert "Belongs to Amazon" in text_of(read(client, "/companies/ring/"))


def test_an_organization_shows_its_campaigns_and_actions(client: Client) -> None:
    tell_story()
    text = text_of(read(client, "/organizations/aclu/"))
    assert "Stop selling face recognition to police" in text
    assert "Coalition letter to Jeff Bezos" in text


def test_a_topic_shows_its_campaigns(client: Client) -> None:
    tell_story()
    text = text_of(read(client, "/topics/police-face-recognition/"))
    assert "Stop selling face recognition to police" in text
    assert "Amazon (Rekognition) ◐ paused" in text


@pytest.mark.parametrize("noun", ["campaigns", "companies", "organizations", "topics"])
def test_what_is_not_there_is_not_found(client: Client, noun: str) -> None:
    assert client.get(f"/{noun}/nothing/").status_code == 404


PAGES = (
    "/",
    "/campaigns/one/",
    "/companies/one/",
    "/organizations/one/",
    "/topics/one/",
    "/corrections/",
)


def test_a_page_takes_as_many_queries_for_many_rows_as_for_one(client: Client) -> None:
    campaign = make_campaign(
        slug="one",
        organizations=(make_organization(slug="one"),),
        topics=(make_topic(slug="one"),),
    )
    company = make_company(slug="one")
    _grow(campaign, lambda: company, 1)
    few = {address: _queries(client, address) for address in PAGES}
    _grow(campaign, lambda: make_company(parent=company), 4)
    assert {address: _queries(client, address) for address in PAGES} == few


def _grow(campaign: Campaign, company: Callable[[], Company], count: int) -> None:
    """Add targets of new companies, with a history and corrections, to the campaign and others."""
    for _ in range(count):
        pressed = company()
        for pressing in (campaign, make_campaign(topics=tuple(campaign.topics.all()))):
            organization = make_organization(parent=campaign.organizations.first())
            pressing.organizations.add(organization, *campaign.organizations.all())
            target = make_target(pressing, pressed)
            action = make_action(pressing)
            action.organizations.add(*pressing.organizations.all())
            action.targets.add(target)
            Response.objects.create(
                target=target,
                answers=action,
                kind="denial",
                summary="No",
                happened_on=action.happened_on,
            )
            wrong = make_change(target, citations=[make_citation_draft()])
            make_change(target, Status.UNDER_REVIEW, corrects=wrong)
            make_change(
                target,
                Status.PAUSED,
                outcome=make_outcome_draft(exemptions=EXEMPTIONS),
                citations=[make_citation_draft()],
            )


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)

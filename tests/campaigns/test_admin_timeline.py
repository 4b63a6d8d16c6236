"""The timeline in the admin tells all kinds of entries together, each with how we know."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import Action, Bill, Campaign, Citation, Position, Response, Target
from campaigns.services import (
    PAGE_SIZE,
    CitationDraft,
    OutcomeDraft,
    read_timeline,
    record_status_change,
)
from tests.factories import (
    NOW,
    make_action,
    make_bill,
    make_campaign,
    make_change,
    make_document,
    make_target,
)

pytestmark = pytest.mark.django_db


def make_rich_target(bill: Bill | None = None) -> Target:
    """A target of which every kind of entry is on record."""
    target = make_target(make_campaign("Eyes off"))
    action = make_action(target.campaign, title="Letter of the thousand")
    action.targets.add(target)
    document = make_document(title="The Daily")
    Citation.objects.create(action=action, document=document, quote="A thousand signed.")
    Response.objects.create(
        target=target,
        kind="acknowledgment",
        summary="We hear you.",
        happened_on=dt.date(2020, 6, 9),
    )
    bill = bill or make_bill()
    record_status_change(
        target=target,
        to_status="paused",
        effective_on=dt.date(2020, 6, 1),
        effective_precision="month",
        summary="It pauses.",
        outcome=OutcomeDraft(
            kind="moratorium",
            terms="No sales for a year.",
            expires_on=dt.date(2021, 6, 10),
            review_on=dt.date(2021, 3, 1),
            condition="until the bill passes",
            condition_bill=bill,
        ),
        citations=[CitationDraft(document=document, quote="One-year moratorium.")],
        now=NOW,
    )
    Position.objects.get_or_create(
        company=target.company, bill=bill, stance="supports", taken_on=dt.date(2020, 7, 1)
    )
    return target


def kinds(subject: Campaign | Target, **narrowed: Any) -> list[str]:
    return [entry.kind for entry in read_timeline(subject=subject, **narrowed).entries]


def page_of(client: Client, subject: Campaign | Target, query: str = "") -> LexborHTMLParser:
    name = subject._meta.model_name
    response = client.get(f"/admin/campaigns/{name}/{subject.pk}/timeline/{query}")
    assert response.status_code == 200
    return LexborHTMLParser(response.content)


@pytest.mark.parametrize("of", ["campaign", "target"])
def test_all_kinds_stand_together_the_latest_first(of: str) -> None:
    target = make_rich_target()
    subject = target if of == "target" else target.campaign
    days = [entry.day for entry in read_timeline(subject=subject).entries]

    assert sorted(kinds(subject)) == [
        "action", "change", "expiry", "position", "response", "review"
    ]  # fmt: skip
    assert days == sorted(days, reverse=True)


def test_entries_of_other_campaigns_stay_out() -> None:
    make_rich_target()

    assert kinds(make_target()) == []
    assert kinds(make_campaign()) == []


def test_the_page_shows_imprecise_days_quotes_and_ways_to_form_and_history(
    admin_client: Client,
) -> None:
    target = make_rich_target()
    text = page_of(admin_client, target).body.text()  # type: ignore[union-attr]
    page = page_of(admin_client, target.campaign)
    links = {node.attributes["href"] for node in page.css(".chronicle-entries a")}

    assert "June 2020 · Change" in text
    assert "One-year moratorium." in text
    action = Action.objects.get()
    assert f"/admin/campaigns/action/{action.pk}/change/" in links
    assert f"/admin/campaigns/action/{action.pk}/history/" in links


def test_what_was_corrected_is_struck_with_a_link_to_what_replaced_it(
    admin_client: Client,
) -> None:
    target = make_target()
    wrong = make_change(target, "refused", summary="They said no.")
    right = make_change(target, "paused", corrects=wrong)
    page = page_of(admin_client, target)
    struck = page.css_first(f"#change-{wrong.pk}")

    assert "refused" in struck.css_first("h2 del").text()
    assert struck.css_first("p a").attributes["href"] == (
        f"/admin/campaigns/statuschange/{right.pk}/change/"
    )
    assert page.css_first(f"#change-{right.pk} del") is None


def test_days_of_a_retracted_outcome_do_not_count_any_more() -> None:
    target = make_rich_target()
    make_change(target, None, corrects=target.status_changes.get())
    days = read_timeline(subject=target, kinds=["expiry", "review"]).entries

    assert [entry.holds_no_more for entry in days] == [True, True]


def test_the_filter_leaves_the_kinds_that_are_asked_for(admin_client: Client) -> None:
    target = make_rich_target()
    page = page_of(admin_client, target, "?kind=action&kind=expiry&kind=nonsense")
    chosen = [node.attributes["value"] for node in page.css("input[checked]")]

    assert len(page.css(".chronicle-entries > li")) == 2
    assert chosen == ["action", "expiry"]


def test_a_hundred_entries_make_a_page(admin_client: Client) -> None:
    campaign = make_campaign()
    for number in range(PAGE_SIZE + 3):
        make_action(campaign, title=f"Letter {number}")
    first = page_of(admin_client, campaign)
    second = page_of(admin_client, campaign, "?page=2")

    assert len(first.css(".chronicle-entries > li")) == PAGE_SIZE
    assert len(second.css(".chronicle-entries > li")) == 3
    assert first.css_first(".chronicle-pages a").attributes["href"] == "?page=2"
    assert second.css_first(".chronicle-pages a").attributes["href"] == "?page=1"
    assert not page_of(admin_client, campaign, "?page=999999").css(".chronicle-entries > li")
    assert page_of(admin_client, campaign, "?page=-1").css(".chronicle-entries > li")


def test_a_timeline_of_any_length_takes_eight_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    target = make_rich_target()
    for _ in range(5):
        make_action(target.campaign).targets.add(target)
    with django_assert_num_queries(8):
        page = read_timeline(subject=target.campaign)
        assert [str(entry.row) + str(entry.citations) for entry in page.entries]


def test_the_forms_and_lists_lead_to_the_timeline(admin_client: Client) -> None:
    target = make_rich_target()
    for subject in (target, target.campaign):
        address = f"/admin/campaigns/{subject._meta.model_name}/"
        link = f'href="{address}{subject.pk}/timeline/"'
        assert link in admin_client.get(f"{address}{subject.pk}/change/").content.decode()
        assert link in admin_client.get(address).content.decode()


def test_nobody_sees_the_timeline_of_what_does_not_exist(admin_client: Client) -> None:
    assert admin_client.get("/admin/campaigns/target/99999/timeline/").status_code == 404

"""While something is logged from a link, what is perhaps on record already is offered."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import Action, Target
from config.demo.site import Site
from tests.factories import make_action, make_campaign, make_organization
from tests.sources.admin.logs import LETTER, LOG, errors, person, read, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

DAY = dt.date(2024, 3, 5)


def offered(answer: object) -> list[str]:
    page = LexborHTMLParser(answer.content)  # type: ignore[attr-defined]
    return [link.text() for link in page.css(".log-similar a")]


def test_actions_of_nearby_days_are_shown_and_not_asked_about_once_more(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    same = make_action(pinemart.campaign, title="Groups write to Pinemart", happened_on=DAY)
    make_action(pinemart.campaign, title="Long ago", happened_on=DAY - dt.timedelta(days=90))
    make_action(make_campaign(), title="Elsewhere", happened_on=DAY)

    page = read(admin_client, site.set("/letter", LETTER))

    assert offered(page) == [str(same)]
    assert admin_client.post(LOG, sent(page) | {"save": "action"}).status_code == 302
    assert Action.objects.filter(campaign=pinemart.campaign, happened_on=DAY).count() == 2


def test_what_was_recorded_meanwhile_is_asked_about_once_and_the_very_same_refused(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    values = sent(read(admin_client, site.set("/letter", LETTER))) | {"save": "action"}
    other = make_action(
        pinemart.campaign, kind=values["action-kind"], title="By another", happened_on=DAY
    )

    asked = admin_client.post(LOG, values)
    assert "Perhaps this is on record already" in errors(asked)
    assert offered(asked) == [str(other)]
    assert sent(asked)["action-title"] == values["action-title"]
    assert Action.objects.count() == 1

    again = sent(asked) | {"save": "action"}
    assert admin_client.post(LOG, again).status_code == 302
    assert "This action is on record already." in errors(admin_client.post(LOG, again))
    assert Action.objects.count() == 2


def test_actions_of_others_are_not_shown(site: Site, pinemart: Target) -> None:
    make_action(pinemart.campaign, title="Zebra", happened_on=DAY)
    client = person(make_organization("Others"), "editor")
    assert "Zebra" not in read(client, site.set("/letter", LETTER)).content.decode()


def test_campaigns_of_who_is_named_and_of_a_like_title_are_offered_where_none_is_found(
    site: Site,
) -> None:
    hens = make_organization("Hens First")
    pressing = make_campaign("Free hens", organizations=(hens,))
    ours = make_campaign("End the caged egg contracts of Pinemart: 85 groups ask")
    for campaign in (pressing, ours):
        campaign.shared_with.add(hens)
    hidden = make_campaign("85 groups ask Pinemart to end caged egg contracts")

    page = read(person(hens, "editor"), site.set("/letter", LETTER))

    shown = page.content.decode()
    assert "Perhaps one of these: “End the caged egg" in shown
    assert "“Free hens”" in shown
    options = LexborHTMLParser(page.content).css("#id_action-campaign option")
    keys = {option.attributes["value"] for option in options}
    assert {str(ours.pk), str(pressing.pk)} <= keys
    assert str(hidden.pk) not in keys

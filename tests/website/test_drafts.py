"""What only drafts mention appears on no page, not even where a public row names it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from campaigns.models import Action, Response, Target
from campaigns.statuses import Status
from tests.factories import (
    make_action,
    make_campaign,
    make_change,
    make_company,
    make_organization,
    make_outcome_draft,
    make_product,
    make_target,
    make_topic,
)
from tests.website.reading import read, text_of, texts_of

pytestmark = pytest.mark.django_db


def test_a_draft_is_not_found_and_appears_in_no_list(client: Client) -> None:
    company, organization, topic = make_company(), make_organization(), make_topic()
    draft = make_campaign(
        "Secret plan", is_public=False, organizations=(organization,), topics=(topic,)
    )
    target = make_target(draft, company)
    make_action(draft, title="Secret letter").organizations.add(organization)
    Response.objects.create(
        target=target, kind="denial", summary="Secret denial", happened_on=dt.date(2020, 1, 1)
    )
    wrong = make_change(target, summary="Secret step")
    right = make_change(target, Status.REFUSED, corrects=wrong, summary="Secret correction")
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(wrong.get_absolute_url()).status_code == 404
    assert client.get(right.get_absolute_url()).status_code == 404
    assert client.get(f"/subscribe/?campaign={draft.slug}").status_code == 404
    for only_in_the_draft in (company, organization, topic):
        assert client.get(only_in_the_draft.get_absolute_url()).status_code == 404
    make_target(make_campaign(organizations=(organization,), topics=(topic,)), company)
    for also_public in (company, organization, topic):
        assert "ecret" not in text_of(read(client, also_public.get_absolute_url()))
    for address in ("/", "/corrections/"):
        assert "ecret" not in text_of(read(client, address))


@pytest.fixture
def draft() -> Target:
    """A target of a draft, in which every name is secret."""
    company = make_company("Secret company")
    campaign = make_campaign("Secret plan", is_public=False)
    product = make_product(company, "Secret product")
    return make_target(campaign, company, product=product, demand="Secret demand")


@pytest.fixture
def letter() -> Action:
    """A public letter by an organization to a public target."""
    target = make_target()
    letter = make_action(target.campaign)
    letter.targets.add(target)
    letter.organizations.add(make_organization())
    return letter


def pages_about(letter: Action) -> list[str]:
    """Every page on which a letter may be told."""
    [target], [organization] = letter.targets.all(), letter.organizations.all()
    named = (letter.campaign, target.company, organization)
    return ["/", *(row.get_absolute_url() for row in named)]


FEEDS = ("changes.atom", "changes.json", "outcomes.ics")


def test_no_feed_or_calendar_tells_of_a_draft(client: Client) -> None:
    company, organization, topic = make_company(), make_organization(), make_topic()
    make_change(
        make_target(make_campaign(organizations=(organization,), topics=(topic,)), company),
        Status.PAUSED,
        outcome=make_outcome_draft(expires_on=dt.date(2100, 1, 1)),
    )
    addresses = ["/feeds/changes.atom", "/feeds/changes.json", "/calendar/outcomes.ics"]
    for row in (company, organization, topic):
        addresses += [f"{row.get_absolute_url()}{name}" for name in FEEDS]
    before = [client.get(address).content for address in addresses]
    assert all(b"Company" in content for content in before)
    draft = make_campaign(
        "Secret plan", is_public=False, organizations=(organization,), topics=(topic,)
    )
    make_change(
        make_target(draft, company, demand="Secret demand"),
        Status.PAUSED,
        summary="Secret step",
        outcome=make_outcome_draft(expires_on=dt.date(2100, 1, 1), terms="Secret terms"),
    )
    assert [client.get(address).content for address in addresses] == before


def test_what_only_a_draft_names_has_no_feed_or_calendar(client: Client, draft: Target) -> None:
    topic, organization = make_topic(), make_organization()
    draft.campaign.topics.add(topic)
    draft.campaign.organizations.add(organization)
    make_change(draft)
    for row in (draft.campaign, draft.company, topic, organization):
        for name in FEEDS:
            assert client.get(f"{row.get_absolute_url()}{name}").status_code == 404
        noun = type(row).__name__.lower()
        for named in (row.slug, row.pk):
            # In the words for what exists nowhere.
            known = client.get(f"/feeds/changes.atom?{noun}={named}")
            unknown = client.get(f"/feeds/changes.atom?{noun}=nowhere")
            assert known.status_code == unknown.status_code == 400
            assert known.content == unknown.content.replace(b"nowhere", str(named).encode())


def test_a_public_action_does_not_name_the_target_of_a_draft(
    client: Client, letter: Action, draft: Target
) -> None:
    own = letter.targets.get().pressed
    pages = pages_about(letter)
    letter.targets.add(draft)
    for address in pages:
        assert "ecret" not in (read(client, address).html or "")
    page = read(client, letter.campaign.get_absolute_url())
    assert f"To: {own}" in texts_of(page, ".timeline li.action .aside")
    letter.targets.set([draft])
    page = read(client, letter.campaign.get_absolute_url())
    assert "To:" not in text_of(page, "li.action")


def test_a_public_action_names_only_targets_of_its_own_campaign(
    client: Client, letter: Action
) -> None:
    elsewhere = make_target()
    letter.targets.add(elsewhere)
    page = read(client, letter.campaign.get_absolute_url())
    assert elsewhere.company.name not in text_of(page)
    assert page.css(f'[href="#target-{elsewhere.pk}"]') == []


def test_a_public_response_does_not_name_the_action_of_a_draft_that_it_answers(
    client: Client, letter: Action, draft: Target
) -> None:
    target = letter.targets.get()
    response = Response.objects.create(
        target=target,
        answers=make_action(draft.campaign, title="Secret letter"),
        kind="denial",
        summary="No",
        happened_on=letter.happened_on,
    )
    for address in pages_about(letter):
        assert "ecret" not in (read(client, address).html or "")
    response.answers = letter
    response.save()
    for row in (letter.campaign, target.company):
        assert f"Answers: {letter.title}" in text_of(read(client, row.get_absolute_url()))


def test_an_answer_to_another_campaigns_action_leads_to_that_campaign(
    client: Client, letter: Action
) -> None:
    target = make_target()
    Response.objects.create(
        target=target, answers=letter, kind="denial", summary="No", happened_on=letter.happened_on
    )
    page = read(client, target.company.get_absolute_url())
    address = f"{letter.campaign.get_absolute_url()}#action-{letter.pk}"
    assert page.css_first(f'#content [href="{address}"]') is not None
    assert letter.title not in text_of(read(client, target.campaign.get_absolute_url()))

"""Publishing and withdrawing: all or nothing, once, and by nobody else."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.admin import publishing
from campaigns.models import Campaign, FeedEntry, LogHead, StatusChange, Target
from campaigns.services import Publication, publish_campaign, withdraw_campaign
from campaigns.statuses import Status
from campaigns.triggers import install_triggers
from tests.campaigns.test_feed import feed
from tests.factories import NOW, make_action, make_campaign, make_change, make_company, make_target

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=1)
LIST = "/admin/campaigns/campaign/"


@pytest.fixture
def draft() -> Campaign:
    """A draft with three status changes of two targets, among those of others."""
    campaign = make_campaign(is_public=False)
    target = make_target(campaign)
    make_change(target)
    make_change(make_target(campaign))
    make_change(make_target(make_campaign(is_public=False)))
    make_change(target, Status.REFUSED)
    return campaign


def test_publishing_enters_all_that_is_on_record_in_the_order_of_the_log(draft: Campaign) -> None:
    publication = publish_campaign(campaign=draft, now=LATER)

    assert publication.has_changed
    assert feed() == [(1, "published", 1), (2, "published", 2), (3, "published", 4)]
    assert [entry.sequence for entry in publication.entries] == [1, 2, 3]
    assert draft.published_at == LATER
    draft.refresh_from_db()
    assert draft.published_at == LATER


def test_withdrawing_takes_back_all_that_was_published(draft: Campaign) -> None:
    publish_campaign(campaign=draft, now=LATER)
    make_change(draft.targets.order_by("pk")[0], Status.MET, now=LATER)

    publication = withdraw_campaign(campaign=draft, now=LATER)

    assert publication.has_changed
    assert [entry.status_change_id for entry in publication.entries] == [1, 2, 4, 5]
    assert feed()[4:] == [
        (number + 4, "withdrawn", pk) for number, pk in enumerate((1, 2, 4, 5), 1)
    ]
    draft.refresh_from_db()
    assert draft.published_at is None


def test_doing_it_again_does_nothing(draft: Campaign) -> None:
    nothing = Publication(has_changed=False, entries=[])
    assert withdraw_campaign(campaign=draft, now=NOW) == nothing
    publish_campaign(campaign=draft, now=LATER)
    before = (Campaign.objects.values().get(pk=draft.pk), feed(), LogHead.objects.values().get())

    assert publish_campaign(campaign=draft, now=LATER + dt.timedelta(days=1)) == nothing

    assert before == (
        Campaign.objects.values().get(pk=draft.pk),
        feed(),
        LogHead.objects.values().get(),
    )


def test_a_stale_instance_decides_nothing(draft: Campaign) -> None:
    stale = Campaign.objects.get(pk=draft.pk)
    stale.title = "Never saved"
    publish_campaign(campaign=draft, now=LATER)

    assert withdraw_campaign(campaign=stale, now=LATER).has_changed
    assert Campaign.objects.get(pk=draft.pk).title == draft.title


def test_what_is_entered_never_seems_older_than_what_is_on_record(draft: Campaign) -> None:
    make_change(now=LATER)

    publish_campaign(campaign=draft, now=NOW)

    last = StatusChange.objects.latest("sequence")
    entered = FeedEntry.objects.latest("sequence")
    assert draft.published_at == entered.entered_at > last.recorded_at
    assert make_change(now=NOW).recorded_at >= entered.entered_at


def test_publishing_fails_as_a_whole(draft: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(FeedEntry.objects, "bulk_create", fail)

    with pytest.raises(DatabaseError):
        publish_campaign(campaign=draft, now=LATER)

    draft.refresh_from_db()
    assert draft.published_at is None
    assert feed() == []


def test_a_campaign_that_is_gone_is_not_published() -> None:
    campaign = make_campaign(is_public=False)
    Campaign.objects.filter(pk=campaign.pk).delete()

    with pytest.raises(Campaign.DoesNotExist):
        publish_campaign(campaign=campaign, now=NOW)


def test_the_number_of_queries_does_not_grow_with_the_log() -> None:
    counts = []
    for size in (1, 8):
        campaign = make_campaign(is_public=False)
        for _ in range(size):
            make_change(make_target(campaign))
        with CaptureQueriesContext(connection) as queries:
            publish_campaign(campaign=campaign, now=LATER)
            withdraw_campaign(campaign=campaign, now=LATER)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_edited_campaign_is_neither_published_nor_withdrawn(draft: Campaign) -> None:
    public = make_campaign()
    for campaign, moment in ((draft, NOW), (public, None)):
        campaign.title += "!"
        campaign.published_at = moment
        campaign.save()
    # The instance says so as well, for those who keep its history.
    assert (draft.published_at, public.published_at) == (None, NOW)
    for campaign in (draft, public):
        campaign.refresh_from_db()
        assert campaign.title.endswith("!")
    assert (draft.published_at, public.published_at) == (None, NOW)


def test_the_database_keeps_a_target_in_its_campaign(draft: Campaign) -> None:
    target = draft.targets.all()[0]
    install_triggers()  # again, as every migrate does
    target.campaign = make_campaign()

    with pytest.raises(DatabaseError, match="stays in its campaign"), transaction.atomic():
        target.save()
    with pytest.raises(DatabaseError, match="stays in its campaign"), transaction.atomic():
        Target.objects.filter(pk=target.pk).update(campaign=target.campaign)

    target.refresh_from_db()
    target.demand = "Stop"
    target.save()
    assert target.campaign == draft


def choose(client: Client, action: str, *campaigns: Campaign, **fields: str) -> Any:
    """Choose campaigns in the list and what to do with them."""
    data = {"action": action, "_selected_action": [row.pk for row in campaigns]} | fields
    return client.post(LIST, data, follow=True)


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_campaigns_are_published_from_the_list(admin_client: Client, draft: Campaign) -> None:
    response = choose(admin_client, "publish", draft, make_campaign())

    assert messages(response) == ["1 campaign published."]
    assert len(feed()) == 3
    assert LogEntry.objects.get().object_id == str(draft.pk)


def test_withdrawing_says_first_what_becomes_invisible(
    admin_client: Client, draft: Campaign
) -> None:
    publish_campaign(campaign=draft, now=NOW)
    make_action(draft)
    other = make_campaign("Only a draft", is_public=False)

    response = choose(admin_client, "withdraw", draft, other)

    page = " ".join(response.content.decode().split())
    assert "answer 404 until they are published again" in page
    assert "3 status changes, 1 action, 0 responses" in page
    assert draft.title in page
    assert other.title not in page
    draft.refresh_from_db()
    assert draft.is_public
    assert not FeedEntry.objects.tombstones().exists()


def test_withdrawing_is_done_once_it_is_confirmed(admin_client: Client, draft: Campaign) -> None:
    publish_campaign(campaign=draft, now=NOW)
    change = draft.targets.all()[0].status_changes.all()[0]
    addresses = (draft.get_absolute_url(), change.get_absolute_url())
    assert [admin_client.get(address).status_code for address in addresses] == [200, 200]

    response = choose(admin_client, "withdraw", draft, confirmed="yes")

    assert messages(response) == ["1 campaign withdrawn."]
    assert FeedEntry.objects.tombstones().count() == 3
    assert [admin_client.get(address).status_code for address in addresses] == [404, 404]


def test_there_is_nothing_to_withdraw_among_drafts(admin_client: Client, draft: Campaign) -> None:
    response = choose(admin_client, "withdraw", draft)

    assert messages(response) == ["None of these campaigns is public."]


@pytest.mark.parametrize("problem", [DatabaseError, Campaign.DoesNotExist])
def test_a_campaign_that_fails_does_not_keep_the_others(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, problem: type[Exception]
) -> None:
    drafts = [make_campaign(title, is_public=False) for title in ("First", "Second", "Third")]

    def publish(*, campaign: Campaign, now: dt.datetime) -> Publication:
        if campaign == drafts[1]:
            raise problem
        return publish_campaign(campaign=campaign, now=now)

    monkeypatch.setattr(publishing, "publish_campaign", publish)

    response = choose(admin_client, "publish", *drafts)

    assert messages(response) == [
        "“Second” stays as it is: something went wrong. Try it again.",
        "2 campaigns published.",
    ]
    assert set(Campaign.objects.public()) == {drafts[0], drafts[2]}


def test_who_may_only_look_cannot_publish_or_withdraw(client: Client, draft: Campaign) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_campaign"))
    client.force_login(reader)

    choose(client, "publish", draft)
    choose(client, "withdraw", make_campaign(), confirmed="yes")

    assert Campaign.objects.public().count() == 1
    assert feed() == []


def test_the_form_of_a_campaign_publishes_nothing(admin_client: Client) -> None:
    data = {
        "title": "Push",
        "slug": "push",
        "published_at_0": "2020-01-01",
        "published_at_1": "12:00",
    }
    rows = {"targets-TOTAL_FORMS": "0", "targets-INITIAL_FORMS": "0"}

    admin_client.post(f"{LIST}add/", data | rows)
    campaign = Campaign.objects.get()
    admin_client.post(f"{LIST}{campaign.pk}/change/", data | rows | {"title": "Push on"})

    campaign.refresh_from_db()
    assert (campaign.title, campaign.published_at) == ("Push on", None)


def test_the_form_of_a_campaign_takes_no_target_from_another(
    admin_client: Client, draft: Campaign
) -> None:
    target = draft.targets.all()[0]
    other = make_campaign()
    row = {
        "targets-TOTAL_FORMS": "1",
        "targets-INITIAL_FORMS": "1",
        "targets-0-id": target.pk,
        "targets-0-campaign": other.pk,
        "targets-0-company": make_company().pk,
        "targets-0-demand": "Stop",
    }

    admin_client.post(f"{LIST}{other.pk}/change/", {"title": "x", "slug": "x"} | row)
    admin_client.post(
        f"/admin/campaigns/target/{target.pk}/change/",
        {"campaign": other.pk, "company": target.company_id, "demand": "Stop"},
    )

    target.refresh_from_db()
    assert (target.campaign, target.demand) == (draft, "Stop")
    assert not other.targets.exists()

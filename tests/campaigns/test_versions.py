"""What counts as a change of a campaign, an action or a target, and is kept as a version."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from campaigns.models import Action, Campaign, Citation, Position, Response, Target
from campaigns.statuses import Status
from tests.factories import (
    NOW,
    make_action,
    make_bill,
    make_campaign,
    make_change,
    make_company,
    make_document,
    make_organization,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=1)
Tracked = Action | Campaign | Position | Response | Target


def updated_at(row: Tracked) -> dt.datetime:
    return type(row)._default_manager.get(pk=row.pk).updated_at


def members(version: object) -> set[int]:
    rows = version.organizations.all()  # type: ignore[attr-defined]
    return {row.organization_id for row in rows}


def made_campaign() -> Campaign:
    with time_machine.travel(NOW, tick=False):
        return make_campaign(organizations=(make_organization("ACLU"),), topics=(make_topic(),))


@pytest.mark.parametrize("change", ["add", "remove", "clear", "set"])
@pytest.mark.parametrize("end", ["campaign", "organization"])
def test_a_member_gained_or_lost_is_a_change_from_whichever_end(change: str, end: str) -> None:
    campaign = made_campaign()
    with time_machine.travel(NOW, tick=False):
        aclu, newcomer = campaign.organizations.get(), make_organization("Newcomer")
    versions = campaign.history.count()
    with time_machine.travel(LATER, tick=False):
        if end == "campaign":
            argument: dict[str, list[Any]] = {
                "add": [newcomer],
                "remove": [aclu],
                "clear": [],
                "set": [[newcomer]],
            }
            getattr(campaign.organizations, change)(*argument[change])
        else:
            joined = newcomer if change == "add" else aclu
            argument = {"add": [campaign], "remove": [campaign], "clear": [], "set": [[]]}
            getattr(joined.campaigns, change)(*argument[change])

    assert updated_at(campaign) == LATER
    assert campaign.history.count() > versions
    newest, *_, oldest = campaign.history.filter(history_date__gte=NOW)
    assert newest.history_date == LATER
    assert members(newest) == set(campaign.organizations.values_list("pk", flat=True))
    assert (oldest.history_type, members(oldest)) == ("+", set())


def test_a_member_that_is_there_already_or_not_there_is_no_change() -> None:
    campaign = made_campaign()
    stranger = make_organization("Stranger")
    with time_machine.travel(LATER, tick=False):
        campaign.organizations.add(*campaign.organizations.all())
        campaign.organizations.set(campaign.organizations.all())
        campaign.organizations.remove(stranger)
        stranger.campaigns.clear()

    assert updated_at(campaign) == NOW


def test_an_unsaved_edit_does_not_slip_into_a_version_with_a_new_member() -> None:
    campaign = made_campaign()
    title = campaign.title
    campaign.title = "Not saved"

    campaign.topics.add(make_topic())

    assert campaign.history.first().title == title


@pytest.mark.parametrize("fact", ["action", "response", "position"])
def test_a_citation_is_content_of_the_fact_that_it_supports(fact: str) -> None:
    with time_machine.travel(NOW, tick=False):
        target, action = make_target(), make_action()
        makers: dict[str, Callable[[], Tracked]] = {
            "action": lambda: action,
            "response": lambda: Response.objects.create(
                target=target, kind="denial", summary="No.", happened_on=NOW.date()
            ),
            "position": lambda: Position.objects.create(
                company=make_company(), bill=make_bill(), stance="opposes", taken_on=NOW.date()
            ),
        }
        row = makers[fact]()
        document = make_document()
    with time_machine.travel(LATER, tick=False):
        citation = Citation.objects.create(document=document, quote="so", **{fact: row})
    assert updated_at(row) == LATER
    with time_machine.travel(LATER + dt.timedelta(days=1), tick=False):
        citation.quote = "otherwise"
        citation.save()
    assert updated_at(row) == LATER + dt.timedelta(days=1)
    with time_machine.travel(LATER + dt.timedelta(days=2), tick=False):
        citation.delete()
    assert updated_at(row) == LATER + dt.timedelta(days=2)


def test_a_status_change_moves_the_target_and_keeps_its_other_columns_on_record() -> None:
    with time_machine.travel(NOW, tick=False):
        target = make_target(demand="Stop")

    make_change(target, Status.CALLED_ON, now=LATER)

    assert updated_at(target) == LATER
    newest, first = target.history.all()
    assert (newest.history_date, newest.updated_at, newest.demand) == (LATER, LATER, "Stop")
    assert (first.history_date, first.updated_at) == (NOW, NOW)


def test_saving_a_target_unchanged_leaves_the_day_of_its_last_change() -> None:
    with time_machine.travel(NOW, tick=False):
        target = make_target()
    stale = Target.objects.get()
    make_change(target, Status.CALLED_ON, now=LATER)

    stale.save()

    assert (updated_at(target), Target.objects.get().status) == (LATER, Status.CALLED_ON)


def test_a_version_names_the_person_who_made_it_in_the_admin(admin_client: Client) -> None:
    topic = make_topic()
    address = reverse("admin:campaigns_topic_change", args=[topic.pk])

    admin_client.post(address, {"name": "Renamed", "slug": topic.slug, "description": ""})

    newest, first = topic.history.all()
    assert (newest.name, newest.history_user) == ("Renamed", User.objects.get())
    assert first.history_user is None

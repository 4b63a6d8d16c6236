"""Who is owed a status change."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.models import Delivery, Event, State
from alerts.services import fan_out, overdue_fan_outs, overdue_mails, send_mail
from campaigns.models import StatusChange
from campaigns.services import publish_campaign, withdraw_campaign
from campaigns.statuses import Status
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_subscription, told
from tests.factories import (
    NOW,
    make_campaign,
    make_change,
    make_company,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db


def test_followers_of_everything_of_the_campaign_and_of_the_company_are_told() -> None:
    target = make_target()
    make_subscription(email="all@example.org")
    make_subscription(email="campaign@example.org", campaign=target.campaign)
    make_subscription(email="company@example.org", company=target.company)
    make_subscription(email="elsewhere@example.org", campaign=make_campaign())
    make_subscription(email="another@example.org", company=make_company())
    change = make_change(target)
    assert fan_out(change_id=change.pk, now=NOW) == 3
    assert told(change) == {"all@example.org", "campaign@example.org", "company@example.org"}
    assert Event.objects.get().deliveries_count == 3


def test_who_follows_a_company_hears_of_its_subsidiaries_and_not_the_other_way_round() -> None:
    amazon = make_company("Amazon")
    ring = make_company("Ring", parent=amazon)
    neighbors = make_company("Neighbors", parent=ring)
    make_subscription(email="amazon@example.org", company=amazon)
    make_subscription(email="neighbors@example.org", company=neighbors)
    change = make_change(make_target(company=ring))
    fan_out(change_id=change.pk, now=NOW)
    assert told(change) == {"amazon@example.org"}
    below = make_change(make_target(company=neighbors))
    fan_out(change_id=below.pk, now=NOW)
    assert told(below) == {"amazon@example.org", "neighbors@example.org"}


def test_who_follows_it_in_several_ways_is_told_once() -> None:
    target = make_target()
    subscriber = make_subscription(email="keen@example.org").subscriber
    make_subscription(subscriber, campaign=target.campaign)
    make_subscription(subscriber, company=target.company)
    assert fan_out(change_id=make_change(target).pk, now=NOW) == 1


def test_the_unconfirmed_the_gone_and_the_latecomers_are_owed_nothing() -> None:
    make_subscription(email="unconfirmed@example.org", confirmed_at=None)
    make_subscription(email="gone@example.org", ended_at=NOW)
    make_subscription(email="late@example.org", confirmed_at=NOW + dt.timedelta(microseconds=1))
    make_subscription(email="just@example.org", confirmed_at=NOW)
    change = make_change()
    fan_out(change_id=change.pk, now=NOW + dt.timedelta(hours=1))
    assert told(change) == {"just@example.org"}


def test_an_old_event_that_is_recorded_late_is_owed() -> None:
    make_subscription(email="reader@example.org")
    change = make_change(effective_on=dt.date(2009, 1, 1))
    fan_out(change_id=change.pk, now=NOW)
    assert told(change) == {"reader@example.org"}


def test_extensions_corrections_and_retractions_are_owed_like_changes(
    mail_sink: MailSink,
) -> None:
    make_subscription()
    target = make_target()
    paused = make_change(target, Status.PAUSED, outcome=make_outcome_draft())
    extended = make_change(
        target,
        Status.PAUSED,
        dt.date(2021, 5, 18),
        outcome=make_outcome_draft(expires_on=None),
        extends=True,
    )
    correction = make_change(target, Status.PARTIAL, corrects=extended)
    retraction = make_change(target, None, corrects=correction)
    kinds = [paused.kind, extended.kind, correction.kind, retraction.kind]
    assert sorted(kinds) == sorted(StatusChange.Kind.values)
    for change in (paused, extended, correction, retraction):
        assert fan_out(change_id=change.pk, now=NOW) == 1
        assert send_mail(now=NOW) == {State.DELIVERED: 1}


def test_silent_changes_and_drafts_are_marked_and_owed_to_nobody() -> None:
    make_subscription()
    silent = make_change(is_silent=True)
    draft = make_change(make_target(make_campaign(is_public=False)))
    assert overdue_fan_outs() == [silent.pk, draft.pk]
    assert fan_out(change_id=silent.pk, now=NOW) == fan_out(change_id=draft.pk, now=NOW) == 0
    assert overdue_fan_outs() == []
    assert not Delivery.objects.exists()
    assert list(Event.objects.values_list("deliveries_count", flat=True)) == [0, 0]


def test_a_draft_that_is_published_before_its_changes_are_fanned_out_is_no_news() -> None:
    make_subscription()
    campaign = make_campaign(is_public=False)
    target = make_target(campaign)
    drafted = make_change(target)
    publish_campaign(campaign=campaign, now=NOW)
    recorded = make_change(target, Status.REFUSED)
    assert [fan_out(change_id=change.pk, now=NOW) for change in (drafted, recorded)] == [0, 1]


def test_what_was_recorded_in_public_is_owed_even_if_it_was_hidden_for_a_while() -> None:
    make_subscription()
    change = make_change()
    withdraw_campaign(campaign=change.target.campaign, now=NOW)
    publish_campaign(campaign=change.target.campaign, now=NOW)
    assert fan_out(change_id=change.pk, now=NOW) == 1


def test_fanning_out_again_changes_nothing_even_for_those_who_came_since() -> None:
    make_subscription(email="first@example.org")
    change = make_change()
    assert fan_out(change_id=change.pk, now=NOW) == 1
    make_subscription(email="second@example.org")
    assert fan_out(change_id=change.pk, now=NOW) == 0
    assert told(change) == {"first@example.org"}


def test_a_change_that_does_not_exist_is_an_error_and_leaves_no_mark() -> None:
    with pytest.raises(StatusChange.DoesNotExist):
        fan_out(change_id=404, now=NOW)
    assert not Event.objects.exists()


def test_deliveries_are_due_at_once() -> None:
    make_subscription()
    change = make_change()
    fan_out(change_id=change.pk, now=NOW)
    delivery = Delivery.objects.get()
    assert list(Delivery.objects.due(NOW)) == [delivery]
    assert overdue_mails(now=NOW) == 1
    assert delivery.created_at == delivery.next_attempt_at == NOW
    assert delivery.state == State.WAITING
    assert overdue_mails(now=NOW - dt.timedelta(seconds=1)) == 0


def test_the_number_of_queries_does_not_grow_with_subscribers() -> None:
    counts = []
    for new_subscribers in (1, 40):
        for _ in range(new_subscribers):
            make_subscription()
        change = make_change()
        with CaptureQueriesContext(connection) as queries:
            fan_out(change_id=change.pk, now=NOW)
        counts.append(len(queries))
    assert Delivery.objects.count() == 1 + 41
    assert counts[0] == counts[1] <= 13


def test_the_sweep_gets_a_few_at_a_time_in_the_order_of_the_log() -> None:
    changes = [make_change() for _ in range(3)]
    assert overdue_fan_outs(limit=2) == [changes[0].pk, changes[1].pk]

"""The days by which actions asked their targets to answer, as events of a calendar."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from alerts.models import Subscription
from alerts.services.matching import about_target
from campaigns.formats import format_on
from campaigns.models import Action, Response, Target
from website.calendars.icalendar import Event
from website.calendars.outcomes import CANCELLED_KEPT, KEPT
from website.links import absolute


def answer_events(criteria: Subscription, *, now: dt.datetime) -> list[Event]:
    """Return by when the targets that are wanted were asked to answer, in four queries.

    Each target that an action names is an event of its own; one that names none asks all targets
    of its campaign. An answer that was given before its day cancels it.

    Args:
        criteria: what is wanted, of targets.
        now: with time zone; only its day counts.
    """
    today = now.date()
    actions = (
        Action.objects.public()
        .filter(respond_by__gte=today - KEPT)
        .prefetch_related("targets")
        .order_by("pk")
    )
    wanted = _wanted(criteria, {action.campaign_id for action in actions})
    answered = _answered([action.pk for action in actions])
    return [
        _event(action, target, answered_at)
        for action in actions
        for target in _asked(action, wanted[action.campaign_id])
        if (answered_at := answered.get((action.pk, target.pk))) is None
        or answered_at.date() >= today - CANCELLED_KEPT
    ]


def _wanted(criteria: Subscription, campaigns: set[int]) -> Mapping[int, list[Target]]:
    """The targets that are wanted, by campaign."""
    found: defaultdict[int, list[Target]] = defaultdict(list)
    targets = Target.objects.filter(about_target(criteria, ""), campaign__in=campaigns)
    for target in targets.select_related("campaign", "company", "product").order_by("pk"):
        found[target.campaign_id].append(target)
    return found


def _answered(actions: list[int]) -> Mapping[tuple[int, int], dt.datetime]:
    """When an answer that came before its day was put on record, by action and target."""
    answers = Response.objects.filter(answers__in=actions).select_related("answers")
    answered: dict[tuple[int, int], dt.datetime] = {}
    for answer in answers.order_by("-created_at", "-pk"):
        action = answer.answers
        if action and action.respond_by and answer.happened_on < action.respond_by:
            answered[action.pk, answer.target_id] = answer.created_at
    return answered


def _asked(action: Action, wanted: list[Target]) -> Iterator[Target]:
    own = action.campaign_id
    named = {target.pk for target in action.targets.all() if target.campaign_id == own}
    return (target for target in wanted if target.pk in named or not named)


def _event(action: Action, target: Target, answered_at: dt.datetime | None) -> Event:
    assert action.respond_by is not None
    words = {"whom": target.pressed, "day": format_on(action.respond_by)}
    summary = _("%(whom)s: asked to answer by %(day)s") % words
    url = absolute(f"{target.campaign.get_absolute_url()}#action-{action.pk}")
    is_answered = answered_at is not None
    changed = [action.updated_at, target.updated_at]
    changed += [target.campaign.updated_at, target.company.updated_at]
    return Event(
        uid=f"action-{action.pk}-{target.pk}-answer@{urlsplit(settings.BASE_URL).hostname}",
        day=action.respond_by,
        summary=_("Cancelled: %(what)s") % {"what": summary} if is_answered else summary,
        description="\n".join([*_description(action, target, is_answered), url]),
        url=url,
        categories=(target.company.name, target.campaign.title),
        revisions_count=int(is_answered),
        revised_at=max([*changed, *filter(None, [answered_at])]),
        is_cancelled=is_answered,
    )


def _description(action: Action, target: Target, is_answered: bool) -> Iterator[str]:
    if is_answered:
        yield _("It has answered.")
    yield f"{action.get_kind_display()}: {action.title}"
    yield _("Demand: %(demand)s") % {"demand": target.demand}
    yield _("Campaign: %(campaign)s") % {"campaign": target.campaign.title}

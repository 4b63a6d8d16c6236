"""Logging what was said and done on a day: an action or a response, with how we know.

Whoever logs holds the end of the log, as whoever publishes does: what is public stays as it is read
here, so that two who cite a URL for the first time do not each write a document of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.dates import Precision
from campaigns.models import Action, Campaign, Organization, Response, Target
from campaigns.services.citing import write_citations
from campaigns.services.drafts import CitationDraft
from campaigns.services.recording import lock_log


@transaction.atomic
def log_action(
    *,
    campaign: Campaign,
    kind: str,
    title: str,
    happened_on: dt.date,
    happened_precision: str = Precision.DAY,
    description: str = "",
    organizations: Collection[Organization] = (),
    targets: Collection[Target] = (),
    participants_count: int | None = None,
    respond_by: dt.date | None = None,
    citations: Sequence[CitationDraft] = (),
) -> Action:
    """Write an action and its citations, all or nothing.

    Args:
        happened_on: the day; of an imprecise one any day of its period.
        targets: whom it was aimed at, of this campaign.
        citations: how we know; the other arguments are the fields of :class:`Action`.

    Raises:
        ValidationError: keyed by the argument to mend where there is one; nothing was written. The
            same kind of action with the same title is taken once for a day of a campaign.
    """
    action = Action(
        campaign=campaign,
        kind=kind,
        title=title,
        description=description,
        happened_on=happened_on,
        happened_precision=happened_precision,
        participants_count=participants_count,
        respond_by=respond_by,
    )
    lock_log()
    _check_action(action, targets)
    action.save()
    action.organizations.set(organizations)
    action.targets.set(targets)
    write_citations(citations, action=action)
    return action


def _check_action(action: Action, targets: Collection[Target]) -> None:
    action.full_clean()
    strays = [row.pressed for row in targets if row.campaign_id != action.campaign_id]
    if strays:
        said = _("Not targeted by this campaign: %(names)s.") % {"names": ", ".join(strays)}
        raise ValidationError({"targets": said})
    # Two clicks on one button are one action: the second waits here for the first.
    action.campaign = Campaign.objects.select_for_update().get(pk=action.campaign_id)
    same = Action.objects.filter(
        campaign=action.campaign,
        kind=action.kind,
        title=action.title,
        happened_on=action.happened_on,
    )
    if same.exists():
        raise ValidationError({"title": _("This action is on record already.")})


@transaction.atomic
def log_response(
    *,
    target: Target,
    kind: str,
    summary: str,
    happened_on: dt.date,
    happened_precision: str = Precision.DAY,
    answers: Action | None = None,
    citations: Sequence[CitationDraft] = (),
) -> Response:
    """Write what a company answered and its citations, all or nothing.

    Args:
        target: who answered, in which campaign.
        kind: a value of :class:`Response.Kind`.
        summary: what was said.
        happened_on: the day; of an imprecise one any day of its period.
        happened_precision: how much of that day is known.
        answers: the action that it answers, of the same campaign.
        citations: how we know.

    Raises:
        ValidationError: keyed by the argument to mend where there is one; nothing was written. The
            same kind of response in the same words is taken once for a day of a target.
    """
    response = Response(
        target=target,
        answers=answers,
        kind=kind,
        summary=summary,
        happened_on=happened_on,
        happened_precision=happened_precision,
    )
    lock_log()
    _check_response(response)
    response.save()
    write_citations(citations, response=response)
    return response


def _check_response(response: Response) -> None:
    response.full_clean()
    # As for actions, the second click waits here for the first.
    rows = Target.objects.select_related("campaign").select_for_update(of=("self",))
    response.target = rows.get(pk=response.target_id)
    same = Response.objects.filter(
        target=response.target,
        kind=response.kind,
        summary=response.summary,
        happened_on=response.happened_on,
    )
    if same.exists():
        raise ValidationError({"summary": _("This response is on record already.")})

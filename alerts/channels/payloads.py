"""What an event says to a machine: the payload of Standard Webhooks."""

from __future__ import annotations

from typing import Any

from alerts.links import absolute, api_link, evidence_link
from alerts.models import Event
from campaigns.models import Citation, FeedEntry, Outcome, StatusChange, Target

Json = dict[str, Any]


def payload(event: Event) -> Json:
    """Return an event, loaded with its parts, as it is posted.

    ``data.sequence`` ascends from event to event; numbers may be missing. ``url`` is always an
    address of the API, ``html_url`` of a page.
    """
    return {
        "type": event.type,
        "timestamp": event.occurred_at,
        "data": {"sequence": event.pk, **_DATA[Event.Type(event.type)](event)},
    }


def _change_data(event: Event) -> Json:
    change = event.status_change
    assert change is not None
    return {"target": _target(change.target), "status_change": _change(change)}


def _warning_data(event: Event) -> Json:
    return {
        "target": _target(event.target),
        "outcome": _outcome(event.outcome),
        "days_left": event.days_left,
    }


def _finding_data(event: Event) -> Json:
    told = {name: value for name, value in event.details.items() if name != "path"}
    finding = {"id": event.finding_id, **told, "html_url": absolute(event.details["path"])}
    return {"target": _target(event.target), "finding": finding}


_DATA = {
    Event.Type.RECORDED: _change_data,
    Event.Type.CORRECTED: _change_data,
    Event.Type.EXPIRING: _warning_data,
    Event.Type.FINDING: _finding_data,
}


def _target(target: Target) -> Json:
    campaign, company = target.campaign, target.company
    return {
        "id": target.pk,
        "url": api_link("target", target.pk),
        "demand": target.demand,
        "status": target.status,
        "status_since": target.status_since,
        "product": target.product.name if target.product else None,
        "company": {
            "id": company.pk,
            "name": company.name,
            "url": api_link("company", company.pk),
            "html_url": absolute(company.get_absolute_url()),
        },
        "campaign": {
            "id": campaign.pk,
            "title": campaign.title,
            "url": api_link("campaign", campaign.pk),
            "html_url": absolute(campaign.get_absolute_url()),
        },
    }


def _change(change: StatusChange) -> Json:
    # Without a row, the attribute raises an AttributeError.
    later: StatusChange | None = getattr(change, "corrected_by", None)
    entries = FeedEntry.objects.standing().filter(status_change=change)
    return {
        **_link(change),
        "sequence": entries.values_list("sequence", flat=True).first(),
        "kind": change.kind,
        "from_status": change.from_status,
        "to_status": change.to_status,
        "effective_on": change.effective_on,
        "effective_precision": change.effective_precision,
        "recorded_at": change.recorded_at,
        "summary": change.summary,
        "outcome": _outcome(change.outcome),
        "citations": [_citation(citation) for citation in change.citations.all()],
        "corrects": _corrected(change.corrects) if change.corrects else None,
        "corrected_by": _link(later) if later else None,
    }


def _link(change: StatusChange) -> Json:
    return {
        "id": change.pk,
        "url": api_link("status-change", change.pk),
        "html_url": absolute(change.get_absolute_url()),
    }


def _corrected(wrong: StatusChange) -> Json:
    return {
        **_link(wrong),
        "from_status": wrong.from_status,
        "to_status": wrong.to_status,
        "effective_on": wrong.effective_on,
        "effective_precision": wrong.effective_precision,
        "recorded_at": wrong.recorded_at,
    }


def _outcome(outcome: Outcome | None) -> Json | None:
    if outcome is None:
        return None
    return {
        "id": outcome.pk,
        "url": api_link("outcome", outcome.pk),
        "kind": outcome.kind,
        "terms": outcome.terms,
        "scope": outcome.scope,
        "exemptions": [exemption.name for exemption in outcome.exemptions.all()],
        "condition": outcome.condition,
        "effective_on": outcome.effective_on,
        "effective_precision": outcome.effective_precision,
        "expires_on": outcome.expires_on,
        "expires_precision": outcome.expires_precision if outcome.expires_on else None,
        "review_on": outcome.review_on,
    }


def _citation(citation: Citation) -> Json:
    document = citation.document
    copy = evidence_link(citation.snapshot_hash) if citation.snapshot_hash else None
    return {
        "quote": citation.quote,
        "title": document.title,
        "publisher": document.publisher,
        "published_on": document.published_on,
        "published_precision": document.published_precision if document.published_on else None,
        "document_url": document.url,
        "snapshot_url": copy,
    }

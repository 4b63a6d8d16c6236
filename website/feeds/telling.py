"""A status change as feeds tell it, read in the history of its target as known today."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.formats import format_on
from campaigns.models import Citation, Outcome, StatusChange
from campaigns.revisions import followed_status, revised_at
from campaigns.telling import wording
from campaigns.telling.happenings import Cited, Facts, Happening
from campaigns.timeline import Entry
from website.links import absolute
from website.timelines import ChangeItem


def happening_of(change: StatusChange, log: Sequence[Entry]) -> Happening:
    """Return a status change in words.

    Args:
        change: read with all its parts and evidence.
        log: all entries of its target, in the order of recording.
    """
    [entry] = [entry for entry in log if entry.sequence == change.pk]
    before = followed_status(entry, log)
    # Without a row, the attribute raises an AttributeError.
    correction = getattr(change, "corrected_by", None)
    item = ChangeItem(change=change, before=before, corrected_by=correction)
    page = absolute(change.get_absolute_url())
    return Happening(
        key=f"status-changes-{change.pk}",
        address=page,
        page=page,
        headline=_headline(item),
        summary=change.summary,
        day=change.effective_on,
        precision=change.effective_precision,
        group=change.target.company.name,
        facts=_facts(change),
        related=tuple(_related(item)),
        citations=tuple(_cited(citation) for citation in item.citations),
        recorded_at=change.recorded_at,
        updated_at=revised_at(entry, log, change.from_status),
        is_undone=correction is not None or change.to_status is None,
    )


def _headline(item: ChangeItem) -> str:
    change = item.change
    return wording.change_headline(
        kind=change.kind,
        company=change.target.company.name,
        campaign=change.target.campaign.title,
        before=item.before or change.from_status,
        after=change.to_status,
        replaced_by=item.corrected_by.kind if item.corrected_by else None,
    )


def _related(item: ChangeItem) -> list[tuple[str, str]]:
    found = []
    if item.corrected_by is not None:
        found.append((wording.corrected(), absolute(item.corrected_by.get_absolute_url())))
    if item.change.corrects is not None:
        said = wording.correcting(item.change.kind)
        found.append((said, absolute(item.change.corrects.get_absolute_url())))
    return found


def _facts(change: StatusChange) -> Facts:
    target = change.target
    return (
        (_("Effective"), format_on(change.effective_on, change.effective_precision)),
        *wording.target_facts(
            demand=target.demand,
            company=target.company.name,
            product=target.product.name if target.product else "",
            campaign=target.campaign.title,
        ),
        *(terms_of(change.outcome) if change.outcome else ()),
    )


def terms_of(outcome: Outcome) -> Facts:
    """Return what was conceded, in words."""
    return wording.Terms(
        kind=outcome.kind,
        terms=outcome.terms,
        scope=outcome.scope,
        exemptions=[exemption.name for exemption in outcome.exemptions.all()],
        condition=outcome.condition,
        bill=str(outcome.condition_bill or ""),
        effective_on=outcome.effective_on,
        effective_precision=outcome.effective_precision,
        expires_on=outcome.expires_on,
        expires_precision=outcome.expires_precision,
        review_on=outcome.review_on,
    ).facts()


def _cited(citation: Citation) -> Cited:
    document, kept = citation.document, citation.snapshot_hash
    return Cited(
        quote=citation.quote,
        title=document.title,
        publisher=document.publisher,
        published_on=document.published_on,
        published_precision=document.published_precision,
        url=document.url,
        copy_url=absolute(reverse("website:evidence", args=[kept])) if kept else "",
    )

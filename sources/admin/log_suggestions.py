"""What the parts of the page begin with, and beside each value the passage that it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from campaigns.models import Campaign, Organization
from campaigns.models.evidence import QUOTE_LENGTH
from campaigns.statuses import CONCEDED
from sources.admin.log_forms import TITLE_LENGTH
from sources.clipping import Found, Passage
from sources.detection import Candidate
from sources.passages import shortened
from sources.services import Article, Proposal, Ranked, Understood, guess_campaign

_AROUND = 110
"""Most characters that are shown to either side of what says so."""
_MOST_PASSAGES = 6
_MOST_OFFERED = 20
_OFTEN = 2
_BEGINNING = 400


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value comes from: a passage, or what is said of it; and of what it speaks."""

    passage: Passage | None = None
    said: str = ""


Beside = dict[str, list[Evidence]]


@dataclass(slots=True)
class Suggestion:
    """What a part of the page begins with.

    Attributes:
        initial: by the names of fields.
        beside: the evidence to show at a field.
        offered: keys of rows that are likely, by the names of fields.
    """

    initial: dict[str, Any] = field(default_factory=dict)
    beside: Beside = field(default_factory=dict)
    offered: dict[str, list[int]] = field(default_factory=dict)


def suggest(article: Article, understood: Understood | None) -> Mapping[str, Suggestion]:
    """Return what each part begins with; only of the document if the text was not understood."""
    document = _document(article, understood)
    day = {
        "happened_on": document.initial["published_on"],
        "happened_precision": document.initial["published_precision"],
    }
    dated = document.beside.get("published_on", [])
    if understood is None:
        empty = Suggestion({"title": article.title, **day})
        return {"document": document, "action": empty, "response": empty, "status": Suggestion()}
    parts = {
        "document": document,
        "action": _action(article, understood, day, dated),
        "response": _response(understood, day, dated),
        "status": _status(article, understood, document.initial["published_on"], dated),
    }
    _offer(parts, understood)
    return parts


def suggest_campaigns(part: Suggestion, campaigns: Sequence[Campaign]) -> None:
    """Offer campaigns to choose from; say which where none is suggested."""
    offered = [*part.offered.get("campaign", ()), *(campaign.pk for campaign in campaigns)]
    part.offered = {**part.offered, "campaign": list(dict.fromkeys(offered))[:_MOST_OFFERED]}
    if campaigns and not part.initial.get("campaign"):
        names = ", ".join(f"“{campaign}”" for campaign in campaigns[:_MOST_PASSAGES])
        said = _("Perhaps one of these: %(names)s.") % {"names": names}
        part.beside["campaign"] = [*part.beside.get("campaign", ()), Evidence(said=said)]


def _offer(parts: Mapping[str, Suggestion], understood: Understood) -> None:
    likely = [one.target for one in understood.targets[:_MOST_OFFERED]]
    keys = [target.pk for target in likely]
    parts["action"].offered = {
        "campaign": list({target.campaign_id: None for target in likely}),
        "organizations": [row.pk for row, _found in understood.organizations[:_MOST_OFFERED]],
        "targets": keys,
    }
    parts["response"].offered = parts["status"].offered = {"target": keys}


def _document(article: Article, understood: Understood | None) -> Suggestion:
    part = Suggestion(
        {
            "url": article.url,
            "title": article.title[:TITLE_LENGTH],
            "publisher": article.publisher,
            "published_on": article.published_on,
            "published_precision": article.published_precision,
        }
    )
    is_first_line = not article.publisher and article.title in article.text[:_BEGINNING]
    for name in ("title", "publisher", "published_on"):
        if part.initial[name]:
            part.beside[name] = [Evidence(said=_("as the page says of itself"))]
    if part.initial["title"] and is_first_line:
        part.beside["title"] = [Evidence(said=_("the first line of the text"))]
    dated = understood.clipping.dated if understood else None
    if not article.published_on and dated:
        part.initial |= {"published_on": dated.day, "published_precision": dated.precision}
        part.beside["published_on"] = [_evidence(dated.passage)]
    return part


def _action(
    article: Article, understood: Understood, day: dict[str, Any], dated: list[Evidence]
) -> Suggestion:
    clipping, campaign = understood.clipping, guess_campaign(understood.targets)
    guess, count = clipping.action, clipping.count
    quote = guess.quote if guess else ""
    acting = _acting(understood, quote)
    aimed = _aimed(understood.targets, campaign.pk if campaign else None, quote)
    part = Suggestion({**day, "title": article.title[:TITLE_LENGTH]}, {"happened_on": dated})
    part.initial |= {
        "campaign": campaign and campaign.pk,
        "organizations": [organization.pk for organization, _found in acting],
        "targets": [one.target.pk for one in aimed],
        "quote": shortened(quote, QUOTE_LENGTH),
    }
    part.beside["organizations"] = _named(understood.organizations)
    part.beside["targets"] = _of_targets(aimed)
    if campaign:
        best = next(one for one in understood.targets if one.target.campaign_id == campaign.pk)
        part.beside["campaign"] = [_evidence(best.found.passage)]
    else:
        part.beside["campaign"] = [Evidence(said=_said_of_companies(understood))]
    if guess:
        part.initial["kind"] = guess.value
        part.beside["kind"] = [_evidence(guess.passage)]
    if count:
        part.initial["participants_count"] = count.value
        part.beside["participants_count"] = [_evidence(count.passage)]
    return part


def _response(understood: Understood, day: dict[str, Any], dated: list[Evidence]) -> Suggestion:
    guess = understood.clipping.response
    part = Suggestion({**day}, {"happened_on": dated})
    quote = guess.quote if guess else ""
    if speaking := _speaking(understood.targets, quote):
        part.initial["target"] = speaking.target.pk
        part.beside["target"] = [_evidence(speaking.found.passage)]
    if guess:
        part.initial |= {
            "kind": guess.value,
            "summary": quote,
            "quote": shortened(quote, QUOTE_LENGTH),
        }
        part.beside["kind"] = [_evidence(guess.passage)]
    return part


def _status(
    article: Article, understood: Understood, published: dt.date | None, dated: list[Evidence]
) -> Suggestion:
    found = understood.candidate
    if found is None:
        said = _("No sentence was found that reports a change of status of one of your targets.")
        part = Suggestion({"effective_on": published}, {"to_status": [Evidence(said=said)]})
        if understood.targets:
            part.initial["target"] = understood.targets[0].target.pk
        return part
    proposal = _proposal(article, found, published)
    names = ("extends", "effective_on", "effective_precision", "summary", "terms", "condition")
    part = Suggestion({name: getattr(proposal, name) for name in names})
    part.initial |= {
        "target": found.target,
        "to_status": proposal.status,
        "kind": proposal.suggested_kind,
        "exemptions": "\n".join(proposal.exemptions),
        "expires_on": proposal.expires_on,
        "expires_precision": proposal.expires_precision,
        "quote": proposal.quote,
    }
    whole = Evidence(Passage(found.sentence, 0, len(found.sentence)))
    reasons = [Evidence(said=reason) for reason in found.reasons]
    part.beside["to_status"] = [whole, *reasons]
    part.beside["effective_on"] = [whole] if found.effective_on else dated
    if proposal.expires_on:
        part.beside["expires_on"] = [whole]
    ranked = next(one for one in understood.targets if one.target.pk == found.target)
    part.beside["target"] = [_evidence(ranked.found.passage)]
    return part


def _proposal(article: Article, found: Candidate, published: dt.date | None) -> Proposal:
    """Return what is to be recorded, as far as the text says; the day can be missing."""
    is_conceded = found.status in CONCEDED
    day: Any = found.effective_on or published
    return Proposal(
        status=found.status,
        extends=found.extends,
        effective_on=day,
        effective_precision=found.effective_precision if found.effective_on else "day",
        quote=shortened(found.sentence, QUOTE_LENGTH),
        document_title=article.title,
        terms=found.sentence if is_conceded else "",
        condition=found.condition if is_conceded else "",
        exemptions=found.exemptions if is_conceded else (),
        expires_on=found.expires_on if is_conceded else None,
        expires_precision=found.expires_precision,
        summary=found.sentence,
    )


def _acting(understood: Understood, quote: str) -> Sequence[tuple[Organization, Found]]:
    """Return the organizations that probably acted: in the headline or the quote, else often."""
    named = understood.organizations
    plain = [
        (organization, found)
        for organization, found in named
        if found.is_in_title or found.passage.marked in quote
    ]
    return plain or [one for one in named if one[1].mentions_count >= _OFTEN][:1]


def _aimed(ranked: Sequence[Ranked], campaign: int | None, quote: str) -> Sequence[Ranked]:
    """Return the targets of a campaign that are named in the headline or the quote, else one."""
    own = [one for one in ranked if one.target.campaign_id == campaign]
    plain = [one for one in own if one.found.is_in_title or one.found.passage.marked in quote]
    return plain or own[:1]


def _speaking(ranked: Sequence[Ranked], quote: str) -> Ranked | None:
    in_quote = (one for one in ranked if one.found.passage.marked in quote)
    return next(in_quote, ranked[0] if ranked else None)


def _named(organizations: Iterable[tuple[Organization, Found]]) -> list[Evidence]:
    found = [_evidence(found.passage, str(organization)) for organization, found in organizations][
        :_MOST_PASSAGES
    ]
    return found or [Evidence(said=_("No organization on record is named: add who acted."))]


def _of_targets(ranked: Iterable[Ranked]) -> list[Evidence]:
    return [_evidence(one.found.passage, one.target.pressed) for one in ranked][:_MOST_PASSAGES]


def _said_of_companies(understood: Understood) -> str:
    names = [str(company) for company, _found in understood.companies][:_MOST_PASSAGES]
    if names:
        said = _("None of your campaigns has a target among what is named: %(names)s.")
        return said % {"names": ", ".join(names)}
    return _("No company on record is named.")


def _evidence(passage: Passage, said: str = "") -> Evidence:
    """Return a passage without what stands far from the words that say so."""
    before, marked, after = passage.before, passage.marked, passage.after
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + "…"
    return Evidence(Passage(f"{before}{marked}{after}", len(before), len(before + marked)), said)

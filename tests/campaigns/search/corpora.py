"""Small corpora to search in, and a plain reading of what should be found in them.

Two campaigns, one of them a draft, share a company, a product, an organization and a document, so
that whatever stands only in the draft has every way to leak. Nothing here uses SQL or an index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model
from hypothesis import strategies as st

from campaigns import visibility
from campaigns.models import (
    Action,
    Bill,
    Campaign,
    Citation,
    Document,
    Organization,
    Outcome,
    Position,
    Response,
    StatusChange,
    Target,
    Topic,
)
from campaigns.services import OutcomeDraft
from companies.models import Company, Product
from tests.factories import (
    make_action,
    make_bill,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_organization,
    make_target,
    make_topic,
)

WORDS = ("bank", "ring", "zoom", "Amazon", "AMAZON", "café", "Σοφία", "東京", "5e81ac", "as", "x9")
"""Each is a word to both stemmers that they leave alone, so that equality is plain."""
SEPARATORS = (" ", "-", ". ", "_", "@", "’", "/", ", ", "\n", ".", " – ", "&", "+", ":", "…")

texts = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(SEPARATORS)), min_size=1, max_size=3
).map(lambda pieces: "".join(word + separator for word, separator in pieces))
terms = st.one_of(
    st.sampled_from(WORDS),
    st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)).map('"{0[0]} {0[1]}"'.format),
    st.sampled_from(("ban*", "ama*", "5e8*", "σοφ*")),
)
questions = st.lists(st.tuples(st.sampled_from(("", "", "-")), terms), min_size=1, max_size=3).map(
    lambda pairs: " ".join(minus + term for minus, term in pairs)
)


def public_records() -> dict[type[Model], Any]:
    """The records of each searched model that the public may see."""
    return {
        Company: visibility.public_companies(),
        Organization: visibility.public_organizations(),
        Topic: visibility.public_topics(),
        Campaign: Campaign.objects.public(),
        Target: Target.objects.public(),
        Action: Action.objects.public(),
        Response: Response.objects.public(),
        Outcome: Outcome.objects.public(),
        StatusChange: StatusChange.objects.public(),
        Bill: visibility.public_bills(),
        Document: visibility.public_documents(),
        Position: Position.objects.all(),
    }


def build_corpus(write: Callable[[], str]) -> None:
    """Write two campaigns with everything that can belong to them; ``write`` gives the texts."""
    company = make_company(name=f"One {write()}", aliases=(f"Two {write()}",), description=write())
    organization = make_organization(name=f"Three {write()}", description=write())
    document = make_document(title=write(), publisher=write())
    bill = make_bill(title=write(), jurisdiction=write())
    for number, is_public in enumerate((True, False)):
        product = Product.objects.create(
            company=company, name=f"Product {number} {write()}", description=write()
        )
        campaign = make_campaign(
            title=write(),
            summary=write(),
            is_public=is_public,
            organizations=(organization, make_organization(name=f"Four {number} {write()}")),
            topics=(make_topic(name=f"Five {number} {write()}", description=write()),),
        )
        target = make_target(campaign, company, product=product, demand=write())
        action = make_action(campaign, title=write(), description=write())
        action.organizations.add(organization)
        response = Response.objects.create(
            target=target, kind="statement", summary=write(), happened_on="2020-01-01"
        )
        change = make_change(
            target,
            summary=write(),
            to_status="paused",
            outcome=OutcomeDraft(
                kind="pledge",
                terms=write(),
                scope=write(),
                condition=write(),
                exemptions=(write(),),
            ),
            citations=[make_citation_draft(write(), document=document)],
        )
        for fact in ({"action": action}, {"response": response}, {"outcome": change.outcome}):
            Citation.objects.create(document=document, quote=write(), **fact)
    position = Position.objects.create(
        company=company, bill=bill, stance="supports", summary=write(), taken_on="2020-01-01"
    )
    Citation.objects.create(document=make_document(title=write()), quote=write(), position=position)


def finds(record: Model, question: str) -> bool:
    """Whether the question should find the record."""
    own_and_belonging = [_words(text) for text in _texts(record)]
    return all(
        any(_has(words, term) for words in own_and_belonging) is not bool(minus)
        for minus, term in re.findall(r'(-?)("[^"]*"|\S+)', question)
    )


def _words(text: str) -> list[str]:
    folded = text.casefold().replace("ς", "σ")
    return "".join(char if char.isalnum() else " " for char in folded).split()


def _has(words: list[str], term: str) -> bool:
    wanted = _words(term)
    starts = range(len(words) - len(wanted) + 1)
    if term.endswith("*"):
        return any(word.startswith(wanted[0]) for word in words)
    return any(words[start : start + len(wanted)] == wanted for start in starts)


def _texts(record: Any) -> Iterator[str]:
    return _READINGS[type(record)](record)


def _of_named(named: Any) -> Iterator[str]:
    yield from (named.name, named.description)


def _of_searched_company(company: Company) -> Iterator[str]:
    yield from (company.description, *_of_company(company))
    for product in company.products.filter(pk__in=visibility.public_products()):
        yield product.name


def _of_campaign(campaign: Campaign) -> Iterator[str]:
    yield from (campaign.title, campaign.summary)
    parts: tuple[Any, ...] = (*campaign.organizations.all(), *campaign.topics.all())
    for part in parts:
        yield part.name
    for target in campaign.targets.all():
        yield from (target.demand, *_of_company(target.company))


def _of_target(target: Any) -> Iterator[str]:
    yield from (target.demand, target.campaign.title, target.product.name)
    yield from _of_company(target.company)
    for outcome in target.outcomes.all():
        yield from (*_of_outcome(outcome), *_exempted(outcome), *_quotes(outcome))
    for change in target.status_changes.all():
        yield from _quotes(change)


def _of_action(action: Action) -> Iterator[str]:
    yield from (action.title, action.description, action.campaign.title, *_quotes(action))
    for organization in action.organizations.all():
        yield organization.name


def _of_response(response: Response) -> Iterator[str]:
    yield from (response.summary, *_of_company(response.target.company), *_quotes(response))


def _of_searched_outcome(outcome: Outcome) -> Iterator[str]:
    yield from (*_of_outcome(outcome), *_exempted(outcome), *_quotes(outcome))
    yield from _of_company(outcome.target.company)


def _of_change(change: StatusChange) -> Iterator[str]:
    yield from (change.summary, change.target.campaign.title, *_quotes(change))
    yield from (*_of_company(change.target.company), *_of_outcome(change.outcome))


def _of_bill(bill: Bill) -> Iterator[str]:
    yield from (bill.identifier, bill.title, bill.jurisdiction)


def _of_document(document: Document) -> Iterator[str]:
    yield from (document.title, document.publisher)
    for citation in visibility.public_citations().filter(document=document):
        yield citation.quote


def _of_position(position: Position) -> Iterator[str]:
    yield from (position.summary, *_of_company(position.company), *_quotes(position))
    yield from _of_bill(position.bill)


def _of_company(company: Company) -> Iterator[str]:
    yield company.name
    yield from (alias.name for alias in company.aliases.all())


def _of_outcome(outcome: Any) -> tuple[str, str, str]:
    return outcome.terms, outcome.scope, outcome.condition


def _exempted(outcome: Any) -> Iterator[str]:
    return (exemption.name for exemption in outcome.exemptions.all())


def _quotes(fact: Any) -> Iterator[str]:
    return (citation.quote for citation in fact.citations.all())


_READINGS: dict[type[Model], Callable[[Any], Iterator[str]]] = {
    Company: _of_searched_company,
    Organization: _of_named,
    Topic: _of_named,
    Campaign: _of_campaign,
    Target: _of_target,
    Action: _of_action,
    Response: _of_response,
    Outcome: _of_searched_outcome,
    StatusChange: _of_change,
    Bill: _of_bill,
    Document: _of_document,
    Position: _of_position,
}

"""Which documents and citations a person sees, however facts, campaigns and sharing lie."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import (
    Action,
    Campaign,
    Citation,
    Document,
    Membership,
    Position,
    Response,
    Role,
    Target,
)
from campaigns.models.evidence import FACTS
from companies.access import visible
from tests.factories import (
    NOW,
    make_action,
    make_bill,
    make_campaign,
    make_change,
    make_document,
    make_organization,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db


def make_response(target: Target) -> Response:
    day = dt.date(2020, 6, 11)
    return Response.objects.create(target=target, kind="statement", happened_on=day, summary="No")


@dataclass
class Record:
    """Three campaigns with a fact of each kind, shared at random."""

    rng: Random
    person: User = field(default_factory=lambda: User.objects.create_user("person"))
    facts: list[tuple[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        organizations = [make_organization() for _ in range(2)]
        for organization in organizations[: self.rng.randrange(3)]:
            Membership.objects.create(user=self.person, organization=organization, role=Role.MEMBER)
        for _ in range(3):
            campaign = make_campaign(is_public=self.rng.random() < 0.5)
            campaign.shared_with.set(self.rng.sample(organizations, self.rng.randrange(3)))
            self._add_facts(make_target(campaign))
        position = {"stance": Position.Stance.values[0], "taken_on": NOW.date()}
        company = self.facts[0][1].campaign.targets.get().company
        row = Position.objects.create(bill=make_bill(), company=company, **position)
        self.facts.append(("position", row))
        for _ in range(6):
            self._cite(make_document())
        Document.history.filter(id__in=self._some_documents()).update(history_user=self.person)
        self._move()

    def _add_facts(self, target: Target) -> None:
        change = make_change(target, "paused", outcome=make_outcome_draft())
        rows = (make_action(target.campaign), make_response(target), change.outcome, change)
        self.facts += zip(FACTS, rows, strict=False)

    def _cite(self, document: Document) -> None:
        for name, fact in self.rng.sample(self.facts, self.rng.randrange(3)):
            Citation.objects.create(document=document, **{name: fact})

    def _some_documents(self) -> list[int]:
        keys = list(Document.objects.values_list("pk", flat=True))
        return self.rng.sample(keys, self.rng.randrange(len(keys)))

    def _move(self) -> None:
        """Let an action and a response go to other campaigns, with what supports them."""
        action: Action = self.rng.choice(list(Action.objects.all()))
        action.campaign = self.rng.choice(list(Campaign.objects.all()))
        action.save()
        response: Response = self.rng.choice(list(Response.objects.all()))
        response.target = self.rng.choice(list(Target.objects.all()))
        response.save()

    def is_seen(self, citation: Citation) -> bool:
        """Whether the person sees its fact, by docs/permissions.md: fact by fact."""
        name = next(name for name in FACTS if getattr(citation, f"{name}_id"))
        if name == "position":
            return self.is_at_work
        fact = getattr(citation, name)
        campaign = fact.campaign if name == "action" else fact.target.campaign
        own = {one.organization_id for one in self.person.memberships.all()}
        return any(one.pk in own for one in campaign.shared_with.all())

    @property
    def is_at_work(self) -> bool:
        return Membership.objects.filter(user=self.person).exists()

    def is_document_seen(self, document: Document) -> bool:
        """Whether they see a fact that it supports, or added it and it supports none yet."""
        if not self.is_at_work:
            return False
        citations = list(document.citations.all())
        if not citations:
            added = Document.history.filter(history_type="+", history_user=self.person)
            return bool(added.filter(id=document.pk).exists())
        return any(self.is_seen(citation) for citation in citations)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_people_see_the_documents_of_the_facts_that_they_see_and_no_others(seed: int) -> None:
    with transaction.atomic():
        record = Record(Random(seed))
        citations, documents = Citation.objects.all(), Document.objects.all()
        wanted = {one for one in citations if record.is_seen(one)}
        assert set(visible(citations, record.person)) == wanted
        seen = list(visible(documents, record.person))
        assert sorted(one.pk for one in seen) == sorted(
            one.pk for one in documents if record.is_document_seen(one)
        )
        transaction.set_rollback(True)


def test_a_citation_belongs_to_the_campaign_of_its_fact_wherever_that_moves() -> None:
    target, other = make_target(), make_target()
    action, response = make_action(target.campaign), make_response(target)
    citations = [
        Citation.objects.create(document=make_document(), action=action),
        Citation.objects.create(document=make_document(), response=response),
    ]
    assert [one.campaign for one in citations] == [target.campaign] * 2
    action.campaign, response.target = other.campaign, other
    action.save()
    response.save()
    for citation in citations:
        citation.refresh_from_db()
        assert citation.campaign == other.campaign
        assert citation.history.count() == 1


def test_a_citation_that_supports_another_fact_from_now_on_belongs_to_its_campaign() -> None:
    first, second = make_action(), make_action()
    citation = Citation.objects.create(document=make_document(), action=first)
    citation.action = second
    citation.save(update_fields=["action"])
    citation.refresh_from_db()
    assert citation.campaign == second.campaign

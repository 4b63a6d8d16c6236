"""Two organizations that share nothing, and one person for each role.

Whatever belongs to the other organization has the word Zebra in it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.db.models import Model
from django.test import Client

from accounts.models import Invitation
from accounts.session_store import SessionStore
from campaigns.models import (
    Campaign,
    Citation,
    Document,
    Membership,
    Organization,
    Outcome,
    Position,
    Response,
    Role,
    Target,
)
from campaigns.services import OutcomeDraft, record_status_change
from companies.models import Company
from sources.models import LostQuote
from tests.access.forms import Data
from tests.factories import (
    NOW,
    make_action,
    make_bill,
    make_campaign,
    make_company,
    make_organization,
    make_product,
    make_target,
    make_topic,
)
from tests.sources.factories import PASSAGE, make_finding, make_snapshot, make_source, make_watch

SECRET = "Zebra"
ROLES = ("member", "editor", "manager")
OTHERS = ("stranger", "outsider", "anonymous")
"""Who may do nothing here: a user without work, a manager of others, and who has not signed in."""

_numbers = count(1)


@dataclass
class Half:
    """One campaign with a record of every kind, each under its name in the table."""

    campaign: Campaign
    rows: dict[str, Model] = field(default_factory=dict)
    forms: dict[str, Data] = field(default_factory=dict)
    """What the forms of the records would send, as far as somebody asked."""


@dataclass
class World:
    """Ours and theirs."""

    ours: Organization
    theirs: Organization
    draft: Half
    public: Half
    hidden: Half
    users: dict[str, User]
    sessions: dict[str, str]
    """The keys of the sessions in which they work, begun with the world: to sign in takes long."""
    lists: dict[tuple[str, str], str] = field(default_factory=dict)
    """Lists that were opened, by their address and by whom."""

    def half(self, state: str) -> Half:
        """Our campaign that is a draft, or public."""
        return self.draft if state == "draft" else self.public

    def client(self, who: str) -> Client:
        """Somebody's browser; who was signed out, as by a change of membership, signs in anew."""
        client = Client()
        if who in self.users:
            if not SessionStore().exists(self.sessions[who]):
                self.sessions[who] = _signed_in(self.users[who])
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client


def make_world() -> World:
    """Build both organizations with all their records."""
    ours, theirs = make_organization("Ours"), make_organization("Theirs")
    users = {role: _person(role, ours, Role(role)) for role in ROLES}
    users["stranger"] = User.objects.create_user("stranger")
    users["outsider"] = _person("outsider", theirs, Role.MANAGER)
    users["steward"] = User.objects.create_user("steward", is_staff=True)
    users["steward"].user_permissions.set(Permission.objects.all())
    company = make_company("Amazon")
    colleague = _person("colleague", ours, Role.MEMBER)
    world = World(
        ours=ours,
        theirs=theirs,
        draft=make_half(company, ours, is_public=False),
        public=make_half(company, ours, is_public=True),
        hidden=make_half(company, theirs, is_public=False, word=f"{SECRET} "),
        users=users,
        sessions={name: _signed_in(user) for name, user in users.items()},
    )
    for half, organization in ((world.draft, ours), (world.public, ours), (world.hidden, theirs)):
        half.rows["invitation"] = _invitation(organization, half)
    for half in (world.draft, world.public):
        half.rows["membership"] = Membership.objects.get(user=colleague)
    world.hidden.rows["membership"] = Membership.objects.get(user=users["outsider"])
    User.objects.filter(username="outsider").update(username=f"{SECRET}outsider")
    return world


def _signed_in(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def _person(name: str, organization: Organization, role: Role) -> User:
    user = User.objects.create_user(name)
    Membership.objects.create(user=user, organization=organization, role=role)
    return user


def _invitation(organization: Organization, half: Half) -> Invitation:
    word = half.campaign.title.split()[0]
    return Invitation.objects.create(
        organization=organization,
        email=f"{word}{half.campaign.pk}@example.org",
        created_at=NOW,
        expires_at=NOW,
    )


def make_half(
    company: Company, organization: Organization, *, is_public: bool, word: str = ""
) -> Half:
    """Make a campaign shared with the organization, and a record of each kind in it."""
    number = next(_numbers)
    campaign = make_campaign(f"{word}Campaign {number}", is_public=is_public)
    campaign.shared_with.add(organization)
    target = make_target(campaign, company, demand=f"{word}Stop it")
    action = make_action(campaign, title=f"{word}Letter")
    document = _document(f"{word}Article", number)
    cited = make_action(campaign, title=f"{word}Cited letter")
    Citation.objects.create(document=document, action=cited, quote=f"{word}quote")
    change, outcome = _conceded(target, word)
    answer = Response.objects.create(
        target=target,
        kind=Response.Kind.STATEMENT,
        happened_on=dt.date(2020, 6, 11),
        summary=f"{word}We will think",
    )
    # Those on which nothing depends, so that they can be deleted.
    empty = make_campaign(f"{word}Empty campaign {number}", is_public=is_public)
    empty.shared_with.add(organization)
    rows: dict[str, Model] = {
        "campaign": empty,
        "target": make_target(campaign, make_company(), demand=f"{word}Stop that"),
        "action": action,
        "response": answer,
        "document": document,
        "status change": change,
        "outcome": outcome,
        **_watched(target, number, word),
        **_shared_by_all(company),
    }
    return Half(campaign=campaign, rows=rows)


def _document(title: str, number: int) -> Document:
    url = f"https://news.example/{number}-{title.split()[0].lower()}"
    return Document.objects.create(url=url, title=title)


def _conceded(target: Target, word: str) -> tuple[Model, Outcome]:
    draft = OutcomeDraft(kind=Outcome.Kind.MORATORIUM, terms=f"{word}One year")
    change = record_status_change(
        target=target,
        to_status="paused",
        effective_on=dt.date(2020, 6, 10),
        summary=f"{word}It paused",
        outcome=draft,
        now=NOW,
    )
    assert change.outcome
    return change, change.outcome


def _watched(target: Target, number: int, word: str) -> dict[str, Model]:
    source = make_source(f"https://company.example/{word.strip()}{number}", name=f"{word}Policy")
    make_watch(source, target)
    text = f"Our policy.\n\n{PASSAGE}\n\n{word}Questions are welcome."
    snapshot = make_snapshot(source, text, title=f"{word}Our policy")
    finding = make_finding(target, snapshot, title=f"{word}Our policy")
    citation = Citation.objects.filter(action__campaign=target.campaign).get()
    lost = LostQuote.objects.create(citation=citation, snapshot=snapshot)
    return {"source": source, "finding": finding, "snapshot": snapshot, "lost quote": lost}


def _shared_by_all(company: Company) -> dict[str, Model]:
    bill = make_bill()
    position = Position.objects.create(
        bill=bill, company=company, stance=Position.Stance.values[0], taken_on=dt.date(2020, 1, 1)
    )
    return {
        "company": company,
        "product": make_product(company),
        "organization": make_organization(),
        "topic": make_topic(),
        "bill": bill,
        "position": position,
    }


def stored(row: Model) -> dict[str, Any] | None:
    """Return the columns of a row as the database has them; ``None`` if it is gone."""
    return type(row)._base_manager.filter(pk=row.pk).values().first()

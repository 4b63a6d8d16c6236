"""Who sees and does what with the records of campaigns: docs/permissions.md has the table.

Stewards (staff) see every row and may do what Django's permissions grant them. Members have the
rights of their roles, in the campaigns that are shared with their organizations.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from rules.permissions import add_perm
from rules.predicates import predicate

from campaigns.models import (
    Action,
    Bill,
    Campaign,
    Citation,
    Document,
    Exemption,
    Membership,
    Organization,
    Outcome,
    Position,
    Response,
    Role,
    StatusChange,
    Target,
    Topic,
)
from campaigns.roles import OF_CAMPAIGNS, SHARED_BY_ALL, Grant
from companies.access import IsAmong, Person, scope, sees_all, tells_organizations, visible
from companies.models import Alias, Company, Product

Rows = QuerySet[Any]

# --- what somebody is ----------------------------------------------------------------------


def roles_of(person: Person) -> dict[int, Role]:
    """Return the person's role in each of their organizations, read once for each request."""
    if not person.is_active or person.pk is None:
        return {}
    known: dict[int, Role] | None = getattr(person, "_roles_at_work", None)
    if known is None:
        rows = Membership.objects.filter(user=person.pk).values_list("organization", "role")
        known = {organization: Role(role) for organization, role in rows}
        person._roles_at_work = known  # type: ignore[attr-defined]
    return known


tells_organizations(roles_of)


def is_at_work(person: Person) -> bool:
    """Whether a person may enter the admin: a steward, or a member of an organization."""
    return sees_all(person) or bool(roles_of(person))


def has_role(person: Person, needed: Role, organizations: Collection[int] | None = None) -> bool:
    """Whether a person has this role, or one that covers it, in one of these organizations."""
    return any(
        role.covers(needed)
        for organization, role in roles_of(person).items()
        if organizations is None or organization in organizations
    )


# --- what somebody may do ------------------------------------------------------------------

_LEADS: dict[type[Model], Callable[[Any], Collection[int | None]]] = {}


def leads_to_campaigns(
    *models: type[Model],
) -> Callable[[Callable[[Any], Collection[int | None]]], None]:
    """Register how the campaigns are found that a record of these models is part of."""

    def register(find: Callable[[Any], Collection[int | None]]) -> None:
        for model in models:
            _LEADS[model] = find

    return register


leads_to_campaigns(Campaign)(lambda campaign: [campaign.pk])
leads_to_campaigns(Target, Action)(lambda row: [row.campaign_id])
leads_to_campaigns(Response, Outcome, StatusChange)(
    lambda row: [row.target.campaign_id] if row.target_id else []
)


# A position is nobody's alone: its citations are parts of it.
leads_to_campaigns(Position)(lambda position: [])


@leads_to_campaigns(Citation)
def _campaigns_of_citation(citation: Citation) -> list[int | None]:
    facts = (citation.action, citation.response, citation.outcome, citation.status_change)
    fact: Model | None = next(filter(None, facts), None)
    return [] if fact is None else list(_LEADS[type(fact)](fact))


@leads_to_campaigns(Document)
def _campaigns_of_document(document: Document) -> set[int | None]:
    return set(Citation.objects.filter(document=document.pk).values_list("campaign", flat=True))


def grant(permission: str, rule: Grant) -> None:
    """Let roles do something with the records of campaigns, under the name of a permission."""
    add_perm(permission, predicate(partial(_may, permission, rule), name=permission))


def _may(permission: str, rule: Grant, person: Person, row: Model | None = None) -> bool:
    if sees_all(person):
        return _as_steward(permission, person, row)
    if row is None:
        return has_role(person, rule.least)
    keys = set(_LEADS[type(row)](row)) - {None}
    if keys:
        return _is_allowed_in(rule, person, keys)
    # Part of no campaign yet: a new row, or one of their own that nothing refers to.
    rows = type(row)._default_manager.filter(pk=row.pk)
    is_theirs = row.pk is None or visible(rows, person).exists()
    return is_theirs and has_role(person, rule.least)


def _as_steward(permission: str, person: Person, row: Model | None) -> bool:
    """Ask Django's own permissions, which know no rows; without a row its backend is asked too."""
    return row is not None and person.has_perm(permission)


def _is_allowed_in(rule: Grant, person: Person, keys: Collection[int | None]) -> bool:
    """Ask the campaigns that a record is part of; drafts of others have no say in it."""
    sharing = Campaign.shared_with.through.objects.filter(
        campaign__in=keys, organization__in=roles_of(person)
    )
    allowed, shared = set(), set()
    for key, organization, published_at in sharing.values_list(
        "campaign", "organization", "campaign__published_at"
    ):
        shared.add(key)
        needed = rule.draft if published_at is None else rule.public
        if needed is not None and has_role(person, needed, [organization]):
            allowed.add(key)
    if not rule.needs_all or not allowed:
        return bool(allowed)
    others = {key for key in keys if key} - shared
    return allowed >= shared and not Campaign.objects.public().filter(pk__in=others).exists()


def _may_with_shared(
    permission: str, needed: Role, person: Person, row: Model | None = None
) -> bool:
    if sees_all(person):
        return _as_steward(permission, person, row)
    if permission == "campaigns.change_organization" and isinstance(row, Organization):
        own = list(row.memberships.values_list("organization", flat=True)[:1])
        return has_role(person, needed, own or None)
    return has_role(person, needed)


for _permission, _rule in OF_CAMPAIGNS.items():
    grant(_permission, _rule)
for _permission, _role in SHARED_BY_ALL.items():
    _named = partial(_may_with_shared, _permission, _role)
    add_perm(_permission, predicate(_named, name=_permission))


def _manages(permission: str, person: Person, row: Model | None = None) -> bool:
    if sees_all(person):
        return _as_steward(permission, person, row)
    own = [row.organization_id] if isinstance(row, Membership) else None
    return has_role(person, Role.MANAGER, own)


for _verb in ("change", "delete"):
    _permission = f"campaigns.{_verb}_membership"
    add_perm(_permission, predicate(partial(_manages, _permission), name=_permission))
add_perm("campaigns.view_membership", predicate(lambda person: is_at_work(person)))
for _label in ("campaigns", "companies", "sources"):
    add_perm(_label, predicate(lambda person: bool(roles_of(person))))

# --- what somebody sees --------------------------------------------------------------------


def shared_campaigns(person: Person) -> Rows:
    """Return the keys of the campaigns that are shared with the person's organizations."""
    through = Campaign.shared_with.through.objects
    # By key, not by way of memberships: the database then knows how many campaigns to expect.
    return through.filter(organization__in=list(roles_of(person))).values("campaign")


def shared_targets(person: Person) -> Rows:
    """Return the keys of the targets of these campaigns."""
    return Target.objects.filter(campaign__in=shared_campaigns(person)).values("pk")


@scope(Campaign)
def _campaigns(rows: Rows, person: Person) -> Rows:
    return rows.filter(IsAmong("pk", shared_campaigns(person)))


@scope(Target, Action)
def _in_campaigns(rows: Rows, person: Person) -> Rows:
    return rows.filter(IsAmong("campaign_id", shared_campaigns(person)))


@scope(Response, Outcome, StatusChange)
def _of_targets(rows: Rows, person: Person) -> Rows:
    return rows.filter(IsAmong("target_id", shared_targets(person)))


@scope(Exemption)
def _of_outcomes(rows: Rows, person: Person) -> Rows:
    return rows.filter(IsAmong("outcome__target__campaign_id", shared_campaigns(person)))


@scope(Citation)
def _citations(rows: Rows, person: Person) -> Rows:
    """Of facts of their campaigns, and of positions, which are part of none."""
    if not roles_of(person):
        return rows.none()
    of_theirs = Q(campaign__in=shared_campaigns(person))
    return rows.filter(of_theirs | Q(position__isnull=False))


@scope(Document)
def _documents(rows: Rows, person: Person) -> Rows:
    """What supports a fact that they see, and what they added and nothing cites yet."""
    if not roles_of(person):
        return rows.none()
    citations = Citation.objects.order_by()
    of_theirs = citations.filter(campaign__in=shared_campaigns(person)).values("document")
    # Keys from 1 on are all there are: SQLite uses an index for a range, but not for "not null".
    of_positions = citations.filter(position__gte=1).values("document")
    added = Document.history.filter(history_type="+", history_user=person.pk).order_by()
    is_cited = Exists(citations.filter(document=OuterRef("id")))
    uncited = added.filter(~is_cited).values("id")
    return rows.filter(IsAmong("pk", of_theirs.union(of_positions, uncited, all=True)))


@scope(Company, Alias, Product, Organization, Topic, Bill, Position)
def _shared_by_all(rows: Rows, person: Person) -> Rows:
    return rows if roles_of(person) else rows.none()


@scope(Membership)
def _memberships(rows: Rows, person: Person) -> Rows:
    own = Membership.objects.filter(user=person.pk)
    return rows.filter(organization__in=own.values("organization"))


@scope(User)
def _colleagues(rows: Rows, person: Person) -> Rows:
    together = _memberships(Membership.objects.all(), person)
    return rows.filter(pk__in=together.values("user"))

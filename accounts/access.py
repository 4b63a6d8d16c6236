"""Who sees and writes invitations: managers those of their organizations, stewards all."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Model, QuerySet
from rules.permissions import add_perm
from rules.predicates import predicate

from accounts.models import Invitation
from campaigns.access import has_role, roles_of
from campaigns.models import Organization, Role
from companies.access import Person, scope, sees_all


def managed_by(person: Person) -> QuerySet[Organization]:
    """Return the organizations for which a person may invite."""
    if sees_all(person):
        return Organization.objects.all()
    keys = [key for key, role in roles_of(person).items() if role.covers(Role.MANAGER)]
    return Organization.objects.filter(pk__in=keys)


@scope(Invitation)
def _invitations(rows: QuerySet[Any], person: Person) -> QuerySet[Any]:
    return rows.filter(organization__in=managed_by(person))


def _may(permission: str, person: Person, row: Model | None = None) -> bool:
    if sees_all(person):
        # What Django's own permissions grant a steward; they know no rows.
        return row is not None and person.has_perm(permission)
    own = [row.organization_id] if isinstance(row, Invitation) else None
    return has_role(person, Role.MANAGER, own)


def _manages_somewhere(person: Person) -> bool:
    return not sees_all(person) and has_role(person, Role.MANAGER)


for _verb in ("view", "add", "change"):
    _permission = f"accounts.{_verb}_invitation"
    add_perm(_permission, predicate(partial(_may, _permission), name=_permission))
add_perm("accounts", predicate(_manages_somewhere))

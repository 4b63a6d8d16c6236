"""Which rows a person may see at work, and what they may do with one: asked here, said by apps.

Each app says in its own module ``access`` which of its rows members see (:func:`scope`), and which
roles do what (``rules.add_perm``). What no app speaks of, only stewards see.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import BooleanField, F, Func, Model, QuerySet, Subquery

Person = User | AnonymousUser
Scope = Callable[[QuerySet[Any], Person], QuerySet[Any]]
Rows = TypeVar("Rows", bound=QuerySet[Any])


class IsAmong(Func):
    """Whether a key is among those of a subquery, which the database is to read once, and first.

    PostgreSQL would join an ``IN`` and read every row of a long list for the sake of one page.
    """

    output_field = BooleanField()

    def __init__(self, path: str, keys: QuerySet[Any]) -> None:
        # Their order is nobody's business, and costs joins.
        super().__init__(F(path), Subquery(keys.order_by()))

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **extra: Any) -> Any:
        parts = {"template": "%(expressions)s", "arg_joiner": " IN "}
        return super().as_sql(compiler, connection, **extra, **parts)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        parts = {"template": "%(expressions)s)", "arg_joiner": " = ANY(ARRAY"}
        return super().as_sql(compiler, connection, **extra, **parts)


_OF_PERSON: list[Callable[[Person], Collection[int]]] = []


def tells_organizations(tell: Callable[[Person], Collection[int]]) -> None:
    """Register the function that tells the numbers of the organizations a person works for."""
    _OF_PERSON.append(tell)


def organizations_of(person: Person) -> set[int]:
    """Return the numbers of the organizations that a person works for."""
    return {number for tell in _OF_PERSON for number in tell(person)}


_SCOPES: dict[type[Model], Scope] = {}


def scope(*models: type[Model]) -> Callable[[Scope], Scope]:
    """Register a function that narrows a queryset of these models to what a member sees."""

    def register(narrow: Scope) -> Scope:
        for model in models:
            _SCOPES[model] = narrow
        return narrow

    return register


def sees_all(person: Person) -> bool:
    """Whether a person is a steward: whoever is staff, or a superuser, sees the rows of all."""
    return person.is_active and (person.is_staff or person.is_superuser)


def visible(rows: QuerySet[Any], person: Person) -> QuerySet[Any]:
    """Return those of the rows that a person may see at work."""
    if sees_all(person):
        return rows
    narrow = _SCOPES.get(rows.model)
    if narrow is None or not person.is_active:
        return rows.none()
    return narrow(rows, person)


_SHOWN: dict[type[Model], Callable[[], QuerySet[Any]]] = {}


def shows(model: type[Model]) -> Callable[[Callable[[], Rows]], Callable[[], Rows]]:
    """Register the function that returns those rows of a model which the public sees."""

    def register(rows: Callable[[], Rows]) -> Callable[[], Rows]:
        _SHOWN[model] = rows
        return rows

    return register


def is_shown(row: Model) -> bool:
    """Whether the public sees a row; of a model that no app speaks of it is taken to."""
    rows = _SHOWN.get(type(row))
    return rows is None or rows().filter(pk=row.pk).exists()

"""Makers of people and tokens, for tests of who may ask."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.contrib.auth.models import User

from api.models import Token
from api.services import issue_token
from tests.factories import NOW

_numbers = count(1)


def make_person(*, is_superuser: bool = False, **fields: Any) -> User:
    """Somebody who may enter the admin."""
    number = next(_numbers)
    return User.objects.create(
        username=f"person-{number}", is_staff=True, is_superuser=is_superuser, **fields
    )


def make_token(owner: User | None = None, **fields: Any) -> tuple[Token, str]:
    """A token with its secret."""
    name = fields.pop("name", f"Token {next(_numbers)}")
    return issue_token(owner=owner or make_person(), name=name, now=NOW, **fields)


def bearer(secret: str) -> dict[str, str]:
    """The headers that carry a token."""
    return {"Authorization": f"Bearer {secret}"}

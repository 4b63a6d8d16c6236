"""Time stands still while people sign in, unless a test lets it pass."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.models import User

from campaigns.models import Organization, Role
from tests.accounts.people import give_second_factor, make_person
from tests.factories import NOW


@pytest.fixture(autouse=True)
def frozen_time() -> Iterator[None]:
    """Let it be the same moment all through the test."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager() -> User:
    """Somebody who manages an organization."""
    return make_person("manager", Role.MANAGER)


@pytest.fixture
def ours(manager: User) -> Organization:
    """The organization that they manage."""
    return Organization.objects.get(memberships__user=manager)


@pytest.fixture
def user() -> User:
    """Somebody with a second factor."""
    user = make_person()
    give_second_factor(user)
    return user

"""What the tests of a module have in common, written once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker


def held(make: Callable[[], Any]) -> Any:
    """Return a fixture for what a function writes to the database, and its answer.

    It is written in a transaction that ends with the module, and each test in one within it: a test
    sees what was written, may change it, and leaves it as it was for the next. Objects are not
    taken back as rows are: copy what tests change. Not for a module with transactional tests.
    """

    @pytest.fixture(scope="module")
    def holding(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
        with ExitStack() as stack:
            with django_db_blocker.unblock():
                stack.enter_context(transaction.atomic())
                made = make()
            yield made
            with django_db_blocker.unblock():
                transaction.set_rollback(True)
                stack.close()

    return holding

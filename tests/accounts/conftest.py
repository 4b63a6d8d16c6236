"""Time stands still while people sign in, unless a test lets it pass."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.factories import NOW


@pytest.fixture(autouse=True)
def frozen_time() -> Iterator[None]:
    """Let it be the same moment all through the test."""
    with time_machine.travel(NOW, tick=False):
        yield

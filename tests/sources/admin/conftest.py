"""What tests of the admin of sources may ask for."""

import datetime as dt

import pytest

from campaigns.models import Target
from sources.models import Finding
from tests.sources.factories import make_finding


@pytest.fixture
def finding(amazon: Target) -> Finding:
    """A one-year moratorium of Amazon, with exemptions."""
    return make_finding(
        amazon,
        effective_on=dt.date(2020, 6, 10),
        expires_on=dt.date(2021, 6, 10),
        exemptions=["Thorn", "Marinus Analytics"],
    )

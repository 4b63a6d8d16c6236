"""What tests of imports begin with."""

from __future__ import annotations

import pytest

from campaigns.models import (
    Campaign,
)
from tests.factories import (
    make_campaign,
    make_company,
    make_target,
)


@pytest.fixture
def amazon() -> Campaign:
    campaign = make_campaign(slug="amazon", is_public=False)
    make_target(campaign, make_company("Amazon", aliases=("Amazon.com",)))
    return campaign

"""What tests of the admin of sources may ask for."""

import datetime as dt

import pytest

from campaigns.models import Target
from sources.models import Finding
from tests.factories import make_campaign, make_change, make_company, make_organization, make_target
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


@pytest.fixture
def pinemart(db: None) -> Target:
    """A supermarket, asked by Hens First to stop buying caged eggs; in public."""
    hens = make_organization("Hens First")
    campaign = make_campaign("Caged eggs", organizations=(hens,))
    campaign.shared_with.add(hens)
    target = make_target(
        campaign, make_company("Pinemart"), demand="Stop buying eggs from caged hens"
    )
    make_change(target, effective_on=dt.date(2024, 1, 10))
    target.refresh_from_db()
    return target

"""What somebody follows, in words that are read after "you follow"."""

from __future__ import annotations

from itertools import product

import pytest

from alerts.models import Subscription
from alerts.models.criteria import NOTHING, packed
from campaigns.models import Campaign, Organization, Topic
from campaigns.statuses import Status
from companies.models import Company, Product

CAMPAIGN = Campaign(pk=1, title="End it")
COMPANY = Company(pk=1, name="Amazon")
ORGANIZATION = Organization(pk=1, name="the ACLU")
PRODUCT = Product(pk=1, name="Rekognition", company=COMPANY)
TOPIC = Topic(pk=1, name="policing")


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({}, "every campaign"),
        ({"campaign": CAMPAIGN}, "the campaign “End it”"),
        ({"company": COMPANY}, "Amazon and its subsidiaries"),
        (
            {"company": COMPANY, "includes_subsidiaries": False},
            "Amazon without its subsidiaries",
        ),
        (
            {"company": COMPANY, "campaign": CAMPAIGN},
            "Amazon and its subsidiaries in the campaign “End it”",
        ),
        ({"organization": ORGANIZATION}, "every campaign by the ACLU"),
        ({"product": PRODUCT}, "every campaign about Rekognition"),
        ({"topic": TOPIC}, "every campaign on the topic “policing”"),
        (
            {"company": COMPANY, "organization": ORGANIZATION, "topic": TOPIC},
            "Amazon and its subsidiaries, in campaigns by the ACLU on the topic “policing”",
        ),
        (
            {"organization": ORGANIZATION, "product": PRODUCT, "topic": TOPIC},
            "every campaign by the ACLU about Rekognition on the topic “policing”",
        ),
        (
            {"topic": TOPIC, "to_statuses": packed([Status.REVERSED])},
            "every campaign on the topic “policing”, when the status becomes reversed",
        ),
        (
            {"to_statuses": packed([Status.PAUSED, Status.MET])},
            "every campaign, when the status becomes paused or met",
        ),
        (
            {"from_statuses": packed([Status.REFUSED])},
            "every campaign, when the status was refused before",
        ),
        (
            {
                "from_statuses": packed([NOTHING, Status.REFUSED]),
                "to_statuses": packed([Status.MET]),
            },
            "every campaign, when the status goes from refused or nothing on record to met",
        ),
    ],
)
def test_it_is_said_so(wish: dict[str, object], words: str) -> None:
    assert Subscription(**wish).followed == words


def test_no_two_wishes_read_the_same() -> None:
    choices = {
        "campaign": (None, CAMPAIGN),
        "company": (None, COMPANY),
        "organization": (None, ORGANIZATION),
        "product": (None, PRODUCT),
        "topic": (None, TOPIC),
        "to_statuses": ("", packed([Status.MET])),
        "from_statuses": ("", packed([Status.REFUSED])),
    }
    wishes = [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]
    said = {Subscription(**wish).followed for wish in wishes}
    assert len(said) == len(wishes) == 128

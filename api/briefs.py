"""How things are shown inside other things: briefly, with the address of the whole."""

from __future__ import annotations

from api.fields import api_url, choice, day, number, page_url, precision, slug, text
from api.loading import exemptions
from api.shapes import Brief, Derived, Field, Nested
from campaigns.models import Action, Outcome, StatusChange

ID = number("id", "Number of the record, for ever the same.", "pk", example=1)


def _named(component: str, resource: str, *, example: tuple[str, str], path: str = "name") -> Brief:
    members: tuple[Field, ...] = (
        ID,
        slug(example=example[0]),
        text("name", "What it is called.", path, example=example[1]),
        api_url(resource),
    )
    return Brief(component, members, "A record in brief.")


COMPANY = _named("CompanyBrief", "company", example=("amazon", "Amazon"))
ORGANIZATION = _named(
    "OrganizationBrief", "organization", example=("aclu", "American Civil Liberties Union (ACLU)")
)
TOPIC = _named(
    "TopicBrief", "topic", example=("police-face-recognition", "Police face recognition")
)
CAMPAIGN = _named(
    "CampaignBrief",
    "campaign",
    example=(
        "stop-selling-face-recognition-to-police",
        "Stop selling face recognition to police",
    ),
    path="title",
)
PRODUCT = Brief(
    "ProductBrief",
    (ID, text("name", "What it is called.", example="Rekognition")),
    "A thing of a company that a demand is about.",
)


def bill_name(jurisdiction: str, identifier: str, session: str) -> str:
    """Return how a bill is cited: "California AB 2261 (2019-2020)"."""
    return f"{jurisdiction} {identifier} ({session})"


BILL = Brief(
    "BillBrief",
    (
        ID,
        Derived(
            name="name",
            help="Jurisdiction, number and session.",
            schema={"type": "string"},
            example="California AB 2261 (2019-2020)",
            paths=("jurisdiction", "identifier", "session"),
            derive=bill_name,
        ),
        api_url("bill"),
    ),
    "A piece of legislation in brief.",
)
ACTION = Brief(
    "ActionBrief",
    (
        ID,
        choice("kind", "What kind of action it was.", Action.Kind),
        text("title", "What it is called.", example="Coalition letter to Amazon on Rekognition"),
        api_url("action"),
    ),
    "An action in brief.",
)
TARGET = Brief(
    "TargetBrief",
    (
        ID,
        text(
            "demand",
            "What the company is asked to do.",
            example="Stop marketing and selling face recognition to police",
        ),
        Nested(name="campaign", help="The campaign.", brief=CAMPAIGN, path="campaign"),
        Nested(name="company", help="Who is pressed.", brief=COMPANY, path="company"),
        Nested(
            name="product",
            help="What the demand is about, if it is about one product.",
            brief=PRODUCT,
            path="product",
            nullable=True,
        ),
        api_url("target"),
    ),
    "Whom a campaign presses, and about what; the status is in the target itself.",
)
OUTCOME_LINK = Brief("OutcomeLink", (ID, api_url("outcome")), "Another version of an outcome.")
CHANGE_LINK = Brief(
    "ChangeLink",
    (
        ID,
        choice("kind", "What kind of entry of the log it is.", StatusChange.Kind),
        api_url("status-change"),
        page_url("change", "pk"),
    ),
    "An entry of the status log.",
)
OUTCOME_TERMS: tuple[Field, ...] = (
    ID,
    api_url("outcome"),
    choice("kind", "What kind of commitment it is.", Outcome.Kind),
    text(
        "terms",
        "What was conceded, in words.",
        example="One-year moratorium on police use of Rekognition",
    ),
    text(
        "scope",
        "What it covers, where that is narrower than the demand.",
        example="Police; other organizations may go on using it",
    ),
    exemptions(),
    text(
        "condition",
        "What it depends on, or waits for.",
        example="To give Congress time to put rules in place",
    ),
    Nested(
        name="condition_bill",
        help="The bill that it waits for, if any.",
        brief=BILL,
        path="condition_bill",
        nullable=True,
    ),
    day("effective_on", "First day on which it binds."),
    precision("effective_precision", "effective_on"),
    day("expires_on", "Day on which it lapses by itself.", example="2021-06-10", nullable=True),
    precision("expires_precision", "expires_on"),
    day("review_on", "Day on which the company said it will look at it again.", nullable=True),
)
OUTCOME = Brief("OutcomeBrief", OUTCOME_TERMS, "What was conceded: one version of a commitment.")

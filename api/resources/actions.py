"""``/api/v1/actions/``."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from api.briefs import CAMPAIGN, ID, ORGANIZATION, TARGET
from api.cells import Cell, outer
from api.clocks import AS_OF, Clocks
from api.evidence import by_document, has_citation, supported
from api.fields import api_url, choice, day, number, page_url, precision, stamps, text
from api.filters import TruthFilter, by_choice, by_number, day_range, moment_range
from api.loading import citations_of, load_items
from api.orderings import Ordering
from api.resource import Resource, register
from api.shapes import Loaded, Nested
from api.thing_filters import Match, ThingFilter, company_filters
from campaigns.models import Action, Campaign, Organization, Target
from campaigns.visibility import (
    public_companies,
    public_organizations,
    public_products,
    public_topics,
)


def against(targets: QuerySet[Target]) -> Q:
    """Return the condition on actions that name one of these targets, or no public one at all.

    The latter count within a campaign that has one of these targets.
    """
    actions = Action.objects.order_by()
    naming = actions.filter(targets__in=targets)
    named = Target.objects.public().filter(actions=OuterRef("pk"))
    naming_none = actions.filter(~Exists(named), campaign__in=targets.values("campaign"))
    return Q(pk__in=naming.values("pk").union(naming_none.values("pk")))


def _against(match: Match, path: str) -> Q:
    return against(Target.objects.public().filter(match(path)))


def _rows(clocks: Clocks) -> QuerySet[Action]:
    actions = Action.objects.public()
    return actions.filter(happened_on__lte=AS_OF) if clocks.as_of else actions


def _organization_cells(prefix: str, owner: str) -> tuple[Cell, ...]:
    rows = Organization.objects.filter(actions=outer(prefix))
    help = "Names of the organizations that took part."
    return (
        Cell.of_list(
            "organizations", help, "name", rows, "name", path=("organizations",),
            order=("name", "pk"),
        ),
    )  # fmt: skip


def _target_cells(prefix: str, owner: str) -> tuple[Cell, ...]:
    rows = Target.objects.public().filter(actions=outer(prefix))
    help = "Numbers of the targets that it names."
    return (
        Cell.of_list(
            "target_ids", help, "id", rows, "pk", path=("targets",),
            order=("company__name", "pk"), is_text=False,
        ),
    )  # fmt: skip


FIELDS = (
    ID,
    api_url("action"),
    page_url("campaign", "campaign__slug", example="stop-selling-face-recognition-to-police"),
    Nested(name="campaign", help="The campaign.", brief=CAMPAIGN, path="campaign"),
    choice("kind", "What kind of action it was.", Action.Kind),
    text("title", "What it is called.", example="Coalition letter to Amazon on Rekognition"),
    text(
        "description",
        "What was done and said, in words.",
        example="Calls on Microsoft to cancel its police contracts; reported by OneZero.",
    ),
    day("happened_on", "Day on which it happened.", example="2018-05-22"),
    precision("happened_precision", "happened_on"),
    Loaded(
        name="organizations",
        help="Who took part.",
        brief=ORGANIZATION,
        load=load_items(
            "organizations of actions",
            lambda: Action.organizations.through.objects.order_by(
                "organization__name", "organization__pk"
            ),
            "action__pk",
            ORGANIZATION.fields,
            root="organization__",
        ),
        flat=_organization_cells,
    ),
    Loaded(
        name="targets",
        help="Whom it names; empty where it is aimed at all targets of the campaign.",
        brief=TARGET,
        load=load_items(
            "targets of actions",
            lambda: Action.targets.through.objects.filter(
                target__in=Target.objects.public()
            ).order_by("target__company__name", "target__pk"),
            "action__pk",
            TARGET.fields,
            root="target__",
        ),
        flat=_target_cells,
    ),
    number(
        "participants_count",
        "People or organizations that signed, marched or struck; null where unknown.",
        example=250,
        nullable=True,
    ),
    day(
        "respond_by",
        "Day by which it asked for an answer; null where it named none.",
        example="2018-06-01",
        nullable=True,
    ),
    citations_of("action"),
    *stamps(),
)

ACTIONS = register(
    Resource(
        name="actions",
        singular="action",
        component="Action",
        help="What organizations did: letters, petitions, protests, lawsuits and the like.",
        record_help="Something organizations did on a day.",
        rows=_rows,
        fields=FIELDS,
        searched=Action,
        search_example="letter -Rekognition",
        formats=("atom", "timeline"),
        expands={"campaign": "campaigns"},
        orderings=(
            Ordering("happened_on", "happened_on", "day"),
            Ordering("updated_at", "updated_at", "moment"),
        ),
        filters=(
            *company_filters(
                public_companies,
                lambda match: _against(match, "company"),
                "Against this company: that name it, or that name nobody in a campaign that "
                "presses it.",
            ),
            ThingFilter(
                "product",
                public_products,
                lambda match: _against(match, "product"),
                "Against targets about this product.",
                1,
                has_slug=False,
            ),
            ThingFilter(
                "target",
                Target.objects.public,
                lambda match: Q(targets__in=Target.objects.public().filter(match(""))),
                "That name this target.",
                1,
                has_slug=False,
            ),
            ThingFilter(
                "organization",
                public_organizations,
                lambda match: match("organizations"),
                "In which this organization took part.",
                "aclu",
            ),
            ThingFilter(
                "topic",
                public_topics,
                lambda match: match("campaign__topics"),
                "Of campaigns on this topic.",
                "police-face-recognition",
            ),
            ThingFilter(
                "campaign",
                Campaign.objects.public,
                lambda match: match("campaign"),
                "Of this campaign.",
                "stop-selling-face-recognition-to-police",
            ),
            by_choice("kind", Action.Kind, "kind", "Of this kind."),
            by_number(
                "participants_min",
                lambda slot: Q(participants_count__gte=slot),
                "In which at least so many took part; not those of unknown size.",
                250,
            ),
            *day_range("happened", "happened_on", "Happened", "2018-05-22"),
            *day_range("respond_by", "respond_by", "Ask for an answer", "2018-06-01"),
            *moment_range("created", "created_at", "Recorded"),
            *moment_range("updated", "updated_at", "Changed in content"),
            by_document(lambda match: Q(pk__in=supported(match, "action"))),
            TruthFilter(
                "has_evidence",
                lambda clocks: has_citation("action"),
                "Whether a kept copy of a document supports it.",
            ),
        ),
    )
)

"""``/api/v1/responses/``."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from api.briefs import ACTION, ID, TARGET
from api.clocks import AS_OF, Clocks
from api.evidence import by_document, has_citation, supported
from api.fields import api_url, choice, day, precision, stamps, target_page, text
from api.filters import TruthFilter, by_choice, day_range, moment_range
from api.loading import citations_of
from api.orderings import Ordering
from api.resource import Resource, register
from api.shapes import Nested
from api.target_filters import by_dispute, by_target, target_filters
from campaigns.models import Response


def _rows(clocks: Clocks) -> QuerySet[Response]:
    responses = Response.objects.public()
    return responses.filter(happened_on__lte=AS_OF) if clocks.as_of else responses


RESPONSES = register(
    Resource(
        name="responses",
        singular="response",
        component="Response",
        help="What companies said: refusals, denials, defences, statements, promises.",
        record_help="Something a company said on a day. It need not change the status.",
        rows=_rows,
        searched=Response,
        search_example="abuse -Ring",
        formats=("atom", "timeline"),
        expands={"target": "targets", "answers": "actions"},
        orderings=(
            Ordering("happened_on", "happened_on", "day"),
            Ordering("updated_at", "updated_at", "moment"),
        ),
        fields=(
            ID,
            api_url("response"),
            target_page("target__"),
            Nested(
                name="target", help="Who said it, pressed for what.", brief=TARGET, path="target"
            ),
            Nested(
                name="answers",
                help="The action it answers, if any.",
                brief=ACTION,
                path="answers",
                public_path="campaign__published_at",
                nullable=True,
            ),
            choice("kind", "What kind of answer it was.", Response.Kind),
            text(
                "summary",
                "What was said, in words.",
                example="Ring denied reports that it is considering adding face recognition to "
                "its products.",
            ),
            day("happened_on", "Day on which it was said.", example="2018-06-01"),
            precision("happened_precision", "happened_on"),
            citations_of("response"),
            *stamps(),
        ),
        filters=(
            *target_filters("target__"),
            by_target("target__"),
            by_dispute("target__"),
            by_choice("kind", Response.Kind, "kind", "Of this kind."),
            *day_range("happened", "happened_on", "Said", "2018-06-01"),
            *moment_range("created", "created_at", "Recorded"),
            *moment_range("updated", "updated_at", "Changed in content"),
            by_document(lambda match: Q(pk__in=supported(match, "response"))),
            TruthFilter(
                "has_evidence",
                lambda clocks: has_citation("response"),
                "Whether a kept copy of a document supports it.",
            ),
        ),
    )
)

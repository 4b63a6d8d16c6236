"""``/api/v1/status-changes/``: the log, in the order in which it became public."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from api.briefs import CHANGE_LINK, ID, OUTCOME, TARGET
from api.clocks import AS_OF, Clocks
from api.evidence import by_document, has_citation, supported
from api.fields import api_url, choice, day, moment, number, page_url, precision, stamps, text
from api.filters import NOTHING, TruthFilter, by_choice, by_number, day_range, moment_range
from api.loading import citations_of
from api.orderings import Ordering
from api.resource import Resource, Tombstones, register
from api.shapes import Brief, Nested, Shape
from api.target_filters import by_dispute, by_target, target_filters
from api.target_standings import with_predecessors
from campaigns.models import FeedEntry, LogHead, StatusChange
from campaigns.statuses import Status

_PATH = "status_change__"

FIELDS: Shape = (
    ID,
    number(
        "sequence",
        "Place in the public feed: ascending, and never below one that was seen. A number is "
        "missing where an entry was withdrawn and published again: it is then further on.",
        "=sequence",
        example=3,
    ),
    choice(
        "event",
        "`published`; `withdrawn` for a tombstone, which is given only with `after`.",
        FeedEntry.Event,
        "=event",
    ),
    api_url("status-change"),
    page_url("change", "pk"),
    choice("kind", "What kind of entry of the log it is.", StatusChange.Kind),
    Nested(name="target", help="Whose status changed.", brief=TARGET, path="target"),
    choice(
        "from_status",
        "The status before it as known when it was recorded; never edited. See `follows_status` "
        "for the history as known today.",
        Status,
        example="refused",
        nullable=True,
    ),
    choice(
        "follows_status",
        "The status that it follows in the history as known today, or at `known_at`: late records "
        "and corrections may put another one before it than `from_status`. Null where nothing "
        "came before, for a retraction, and for what was corrected away.",
        Status,
        "=follows_status",
        example="refused",
        nullable=True,
    ),
    choice(
        "to_status",
        "The status reached; null for a retraction, which reaches none.",
        Status,
        example="paused",
        nullable=True,
    ),
    day("effective_on", "Day on which it happened in the world."),
    precision("effective_precision", "effective_on"),
    moment("recorded_at", "When it was recorded here."),
    text(
        "summary",
        "What happened, in words.",
        example="Ring cancelled the planned integration with Flock Safety. Community Requests "
        "through Axon goes on.",
    ),
    Nested(
        name="outcome", help="What was conceded, if anything.", brief=OUTCOME, path="outcome",
        nullable=True,
    ),
    citations_of("status_change"),
    Nested(
        name="corrects",
        help="The entry that this one replaces.",
        brief=CHANGE_LINK,
        path="corrects",
        nullable=True,
    ),
    Nested(
        name="corrected_by",
        help="The entry that replaces this one, which then no longer counts.",
        brief=CHANGE_LINK,
        path="corrected_by",
        nullable=True,
    ),
    *stamps("recorded_at", "recorded_at"),
)  # fmt: skip


def _rows(clocks: Clocks) -> QuerySet[FeedEntry]:
    entries: QuerySet[FeedEntry] = FeedEntry.objects.current()
    if clocks.as_of:
        entries = entries.filter(status_change__effective_on__lte=AS_OF)
    return with_predecessors(entries, _PATH)


TOMBSTONE = Brief(
    "Tombstone",
    (
        number("id", "Number of the entry of the log that is gone.", "status_change__pk"),
        number("sequence", "Place in the public feed.", example=17),
        choice("event", "That it was withdrawn.", FeedEntry.Event, example="withdrawn"),
        api_url("status-change", "status_change__pk"),
        moment("recorded_at", "When it was withdrawn.", "entered_at"),
    ),
    "What is left of an entry that is no longer public: delete your copy of it.",
)


def _head() -> QuerySet[LogHead, tuple[int]]:
    return LogHead.objects.values_list("last_feed_sequence")


STATUS_CHANGES = register(
    Resource(
        name="status-changes",
        singular="status-change",
        component="StatusChange",
        help="The status log, append-only, in the order in which it became public. Corrections "
        "and retractions are entries of their own. With a clock, only what had happened, or was "
        "recorded, by then.",
        record_help="A target went from one status to another, or kept it with a new outcome.",
        rows=_rows,
        root=_PATH,
        key="sequence",
        key_name="sequence",
        fields=FIELDS,
        tombstones=Tombstones(
            rows=FeedEntry.objects.tombstones,
            head=_head,
            after="after",
            brief=TOMBSTONE,
        ),
        searched=StatusChange,
        formats=("atom", "timeline"),
        expands={"target": "targets", "outcome": "outcomes"},
        orderings=(Ordering("effective_on", "status_change__effective_on", "day"),),
        filters=(
            *target_filters(f"{_PATH}target__"),
            by_target(f"{_PATH}target__"),
            by_number(
                "after",
                lambda slot: Q(sequence__gt=slot),
                "That entered the feed after this `sequence`: ask again with the last one you "
                "have seen. Entries that were withdrawn since come as tombstones, in JSON and "
                "NDJSON, in the order of `sequence`.",
                10,
                is_range=False,
            ),
            by_choice("kind", StatusChange.Kind, f"{_PATH}kind", "Of this kind."),
            by_choice("status", Status, f"{_PATH}to_status", "To this status.", example="paused"),
            by_choice(
                "from_status",
                Status,
                f"{_PATH}from_status",
                f"From this status as known when it was recorded; `{NOTHING}` where nothing was "
                "on record.",
                or_nothing=True,
                example="refused",
            ),
            by_choice(
                "follows_status",
                Status,
                "follows_status",
                f"That follow this status in the history as known today, or at `known_at`; "
                f"`{NOTHING}` where nothing came before, for retractions, and for what was "
                "corrected away.",
                or_nothing=True,
                example="refused",
            ),
            *day_range("effective", f"{_PATH}effective_on", "Effective", "2020-06-10"),
            *moment_range("recorded", f"{_PATH}recorded_at", "Recorded"),
            TruthFilter(
                "corrected",
                lambda clocks: Q(status_change__corrected_by__isnull=False),
                "Whether a later entry corrects or retracts it.",
            ),
            by_dispute(f"{_PATH}target__"),
            TruthFilter(
                "has_outcome",
                lambda clocks: Q(status_change__outcome__isnull=False),
                "Whether it brought or kept an outcome.",
            ),
            by_document(lambda match: Q(status_change__in=supported(match, "status_change"))),
            TruthFilter(
                "has_evidence",
                lambda clocks: has_citation("status_change", "status_change"),
                "Whether a kept copy of a document supports it.",
            ),
        ),
    )
)

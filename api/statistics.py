"""``/api/v1/statistics/``: figures about targets, each with the counts behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from api.briefs import COMPANY, ORGANIZATION, TOPIC
from api.cells import safe_text
from api.clocks import NAMES, Clocks, read_clocks
from api.filters import Chosen
from api.formats import FORMATS, JSON, JSON_TYPE
from api.formats.kinds import dumps, lines
from api.links import absolute
from api.loading import load_items
from api.parameters import check_parameters, read_between, read_number, read_one_of
from api.prepared import filled
from api.reading import Reading
from api.resources.targets import FILTERS, TARGETS
from api.selections import Reader, unknown_things
from api.statistics_schema import StatisticsSchema
from api.target_standings import targets_at
from api.views import Formatted, with_old_slugs
from campaigns.models import Organization, Target, Topic
from campaigns.statistics import COLUMNS, DEFINITIONS, Figure, Grouping, compute, group_keys, rows
from companies.models import Company

OWN = ("group_by", "figures", "limit", "after", "format")
KNOWN = (*OWN, *NAMES, *(item.name for item in FILTERS))
MOST_GROUPS = 50
WRITERS = {"csv": FORMATS["csv"]}

_LOADERS = {
    Grouping.COMPANY: load_items("company groups", Company.objects.all, "pk", COMPANY.fields),
    Grouping.TOPIC: load_items("topic groups", Topic.objects.all, "pk", TOPIC.fields),
    Grouping.ORGANIZATION: load_items(
        "organization groups", Organization.objects.all, "pk", ORGANIZATION.fields
    ),
}


class StatisticsView(Formatted):
    """Changes per month, days to the first response, demands answered, time in each status, and
    what became of promises: for all targets that the filters leave, or by group."""

    http_method_names = ["get", "head", "options"]
    schema = StatisticsSchema()
    writers = WRITERS

    def get(self, request: Request) -> HttpResponseBase:
        """Answer with the figures of one page of groups, or of all in CSV."""
        return with_old_slugs(request, self._answer)

    def _answer(self, request: Request) -> HttpResponseBase:
        check_parameters(request.query_params, KNOWN)
        clocks = read_clocks(request.query_params)
        with clocks.turned():
            asked = _Asked(request.query_params, clocks, self.accepted(request) or JSON)
            if asked.format == JSON:
                return HttpResponse(dumps(asked.page(request)), content_type=JSON_TYPE)
        response = StreamingHttpResponse(asked.table(), content_type=WRITERS["csv"].media_type)
        response["Content-Disposition"] = 'attachment; filename="followthrough-statistics.csv"'
        return response

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Say what the address takes."""
        check_parameters(request.query_params, KNOWN)
        return HttpResponse(dumps({"parameters": sorted(KNOWN)}), content_type=JSON_TYPE)


class _Asked:
    """What a request asks, and the answers to it."""

    def __init__(self, query: QueryDict, clocks: Clocks, accepted: str) -> None:
        reader = Reader(query)
        self.clocks = clocks
        self.chosen = [
            chosen
            for item in FILTERS
            if (chosen := reader.read(item.name, _chooser(item, reader), None)) is not None
        ]
        self.group_by = reader.read("group_by", _grouping, None)
        self.figures = reader.read("figures", _figures, tuple(Figure))
        self.limit = reader.read("limit", _limit, MOST_GROUPS)
        self.after = reader.read("after", read_number, 0)
        self.format = reader.read("format", _format, accepted)
        if self.group_by is None and ("after" in query or "limit" in query):
            reader.refuse("after" if "after" in query else "limit", _("this needs “group_by”."))
        if self.format != JSON:
            for name in ("limit", "after"):
                if name in query:
                    reader.refuse(name, _("a table holds all groups."))
        reader.errors += unknown_things(self.chosen)
        reader.finish()
        self.today = clocks.today(timezone.now())
        self.values = dict(clocks.values(timezone.now()))
        for chosen in self.chosen:
            self.values.update(chosen.values)

    def page(self, request: Request) -> dict[str, Any]:
        """Return the figures of one page of groups, as JSON."""
        keys = self._keys(self.after, self.limit + 1)
        shown = None if keys is None else keys[: self.limit]
        answer = self._figures(shown).as_json()
        names = self._names(shown or [])
        for result in answer["results"]:
            result["group"] = names.get(result.pop("group_id"))
        following = None
        if keys is not None and len(keys) > self.limit:
            query = request.query_params.copy()
            query["after"] = str(keys[self.limit - 1])
            following = absolute(f"{request.path}?{query.urlencode()}")
        definitions = {figure.value: str(DEFINITIONS[figure]) for figure in self.figures}
        return {"next": following, **answer, "definitions": definitions}

    def table(self) -> Iterator[bytes]:
        """Yield the figures of all groups, as lines of CSV."""
        yield lines([_with_name(tuple(COLUMNS), "group_name")])
        after = self.after
        while True:
            with self.clocks.turned():
                keys = self._keys(after, self.limit)
                statistics = None if keys == [] else self._figures(keys)
                names = self._names(keys or [])
            if statistics is None:
                return
            yield lines(
                _with_name(row, "" if row[2] is None else safe_text(names[int(row[2])]["name"]))
                for row in rows(statistics)
            )
            if keys is None or len(keys) < self.limit:
                return
            after = keys[-1]

    def _targets(self) -> QuerySet[Target]:
        targets: QuerySet[Target] = targets_at(self.clocks)
        for chosen in self.chosen:
            targets = targets.filter(chosen.condition(self.clocks))
        return targets

    def _keys(self, after: int, limit: int) -> list[int] | None:
        if self.group_by is None:
            return None
        with filled(self.values):
            return group_keys(self._targets(), self.group_by, limit=limit, after=after)

    def _figures(self, keys: list[int] | None) -> Any:
        with filled(self.values):
            return compute(
                self._targets(),
                today=self.today,
                as_of=self.clocks.as_of,
                group_by=self.group_by,
                groups=keys,
                figures=self.figures,
            )

    def _names(self, keys: list[int]) -> dict[int, Any]:
        if self.group_by is None:
            return {}
        reading = Reading(TARGETS, self.clocks, self.values)
        found = _LOADERS[self.group_by](keys, reading)
        return {key: items[0] for key, items in found.items()}


def _with_name(row: Sequence[Any], name: str) -> Sequence[Any]:
    """Put the name of the group behind its number."""
    return [*row[:3], name, *row[3:]]


def _chooser(item: Any, reader: Reader) -> Any:
    def choose(text: str) -> Chosen:
        chosen: Chosen = item.choose(text, reader.query)
        return chosen

    return choose


def _grouping(text: str) -> Grouping:
    return Grouping(read_one_of(text, Grouping.values))


def _figures(text: str) -> tuple[Figure, ...]:
    return tuple(Figure(read_one_of(name.strip(), Figure.values)) for name in text.split(","))


def _format(text: str) -> str:
    return read_one_of(text, (JSON, *WRITERS))


def _limit(text: str) -> int:
    return read_between(text, 1, MOST_GROUPS)

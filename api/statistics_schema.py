"""The OpenAPI description of the statistics, made of the words that define them."""

from __future__ import annotations

from typing import Any

from django.utils.encoding import force_str
from drf_spectacular.openapi import AutoSchema

from api.briefs import COMPANY
from api.resources.targets import FILTERS
from api.schema import component, problems, success
from api.schema_parameters import CLOCKS, in_query
from api.shapes import Schema
from campaigns.statistics import DEFINITIONS, FIELDS, Figure, Grouping
from campaigns.statuses import Status

_LISTS = ("results", "results.changes.months", "results.changes.years", "results.time_in_status")
_EITHER = ("results.changes", "results.first_response", "results.answered", "results.promises")
"""Members that are there only if their figure was asked for."""


class StatisticsSchema(AutoSchema):
    """Describes the one operation."""

    view: Any

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Schema | None:
        if method != "GET":
            return None
        self.registry = registry  # where the security scheme is put
        answer = component(registry, "Statistics", _answer())
        content = {
            "application/json": {"schema": answer},
            "text/csv": {
                "schema": {"type": "string", "description": "One figure a row, of all groups."}
            },
        }
        return {
            "operationId": "statistics_retrieve",
            "description": force_str(self.view.__doc__),
            "tags": ["statistics"],
            "parameters": _parameters(),
            "security": self.get_auth(),
            "responses": {"200": success(content)} | problems(),
        }


def _parameters() -> list[Schema]:
    own: list[Schema] = [
        {
            "name": "group_by",
            "schema": {"type": "string", "enum": Grouping.values, "examples": ["company"]},
            "description": "By what to group the targets. A target counts in each group that it "
            "belongs to.",
        },
        {
            "name": "figures",
            "schema": {"type": "string", "examples": ["answered,promises"]},
            "description": f"Only these figures, apart by commas: {', '.join(Figure.values)}.",
        },
        {
            "name": "limit",
            "schema": {"type": "integer", "minimum": 1, "maximum": 50, "examples": [10]},
            "description": "With `group_by`: most groups on a page.",
        },
        {
            "name": "after",
            "schema": {"type": "integer", "minimum": 0, "examples": [1]},
            "description": "With `group_by`: groups with a larger number than this.",
        },
        {
            "name": "format",
            "schema": {"type": "string", "enum": ["json", "csv"], "examples": ["csv"]},
            "description": "A page of JSON, or one figure a row for all groups.",
        },
    ]
    filters = [
        {
            "name": item.name,
            "schema": item.schema | {"examples": [item.example]},
            "description": item.help,
        }
        for item in FILTERS
    ]
    found = [*CLOCKS, *own, *filters]
    return [in_query(item) for item in sorted(found, key=lambda item: str(item["name"]))]


def _answer() -> Schema:
    schema = _object("")
    group = {"$ref": f"#/components/schemas/{COMPANY.name}"}
    schema["properties"] |= {
        "next": {
            "type": ["string", "null"],
            "format": "uri",
            "description": "The next page of groups, if any.",
        },
        "definitions": {
            "type": "object",
            "description": "What each figure means.",
            "properties": {
                figure.value: {"type": "string", "description": force_str(text)}
                for figure, text in DEFINITIONS.items()
            },
        },
    }
    schema["required"] += ["next", "definitions"]
    items = schema["properties"]["results"]["items"]
    items["properties"]["group"] = {
        "oneOf": [group, {"type": "null"}],
        "description": "The company, topic or organization; null for all targets.",
    }
    items["required"].append("group")
    return schema


def _object(path: str) -> Schema:
    """Return the schema of an object of the answer, from the paths of its members."""
    prefix = f"{path}." if path else ""
    names = [
        name.removeprefix(prefix)
        for name in FIELDS
        if name.startswith(prefix) and "." not in name.removeprefix(prefix)
    ]
    shown = [name for name in names if name != "group_id"]
    return {
        "type": "object",
        "required": [name for name in shown if f"{prefix}{name}" not in (*_EITHER, _LISTS[3])],
        "additionalProperties": False,
        "properties": {name: _member(f"{prefix}{name}") for name in shown},
    }


def _member(path: str) -> Schema:
    described = {"description": force_str(FIELDS[path])}
    has_members = any(name.startswith(f"{path}.") for name in FIELDS)
    if path in _LISTS:
        return {"type": "array", "items": _object(path)} | described
    return (_object(path) if has_members else _value(path.rpartition(".")[2])) | described


def _value(name: str) -> Schema:
    values: dict[str, Schema] = {
        "as_of": {"type": "string", "format": "date"},
        "group_by": {"type": ["string", "null"], "enum": [*Grouping.values, None]},
        "period": {"type": "string"},
        "status": {"type": "string", "enum": Status.values},
        "total_days": {"type": "integer"},
    }
    if name in values:
        return values[name]
    return {"type": "integer"} if name.endswith("_count") else {"type": ["number", "null"]}

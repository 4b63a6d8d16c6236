"""The parameters of lists and records in the words of OpenAPI."""

from __future__ import annotations

from api.orderings import Place
from api.resource import Resource
from api.shapes import Schema

CLOCKS: list[Schema] = [
    {
        "name": "as_of",
        "schema": {"type": "string", "format": "date", "examples": ["2020-06-15"]},
        "description": "Answer with what was true in the world on this day.",
    },
    {
        "name": "known_at",
        "schema": {"type": "string", "format": "date-time", "examples": ["2099-06-01T00:00:00Z"]},
        "description": "Answer with what had been recorded here by this moment (ISO 8601; UTC "
        "without a zone). Together with `as_of`: what was then known about that day.",
    },
]


def in_query(parameter: Schema) -> Schema:
    return {"in": "query", "required": False} | parameter


def shaping(resource: Resource) -> list[Schema]:
    names = ", ".join(f"`{field.name}`" for field in resource.fields)
    found: list[Schema] = [
        {
            "name": "fields",
            "schema": {"type": "string", "examples": ["id,url"]},
            "description": f"Only these members, apart by commas: {names}.",
        }
    ]
    if resource.expands:
        known = list(resource.expands)
        found.append(
            {
                "name": "expand",
                "schema": {"type": "string", "examples": [known[0]]},
                "description": "Show these in full, not in brief, apart by commas: "
                + ", ".join(f"`{name}`" for name in known)
                + ".",
            }
        )
    return found


def searching(resource: Resource) -> Schema:
    return {
        "name": "search",
        "schema": {"type": "string", "maxLength": 200, "examples": [resource.search_example]},
        "description": "Full text: records in which every word occurs, in any form of it; a "
        "phrase in double quotes; a word or phrase behind a minus does not occur; a star ends the "
        "beginning of a word. On pages of JSON the best matches come first, of more than 500 those "
        "of the newest; all matches, if another `ordering` or a whole list is asked for.",
    }


def paging(resource: Resource) -> list[Schema]:
    orders = [ordering.shown for ordering in resource.all_orderings]
    if resource.searched:
        orders.append("-rank")
    return [
        {
            "name": "cursor",
            "schema": {"type": "string", "examples": [_example_cursor(resource)]},
            "description": "Place in the list, as given out in `next` and `previous`.",
        },
        {
            "name": "limit",
            "schema": {
                "type": "integer", "minimum": 1, "maximum": 500, "default": 50, "examples": [100],
            },
            "description": "Most results on a page.",
        },
        {
            "name": "count",
            "schema": {"type": "boolean", "examples": [True]},
            "description": "Also give the number of all results, `count`, up to 100,000.",
        },
        {
            "name": "ordering",
            "schema": {"type": "string", "enum": orders, "examples": [orders[1]]},
            "description": "The order; a minus turns it around. In the order of recording if "
            "nothing is said; with `search`, pages of JSON begin with the best matches (`-rank`).",
        },
    ]  # fmt: skip


def _example_cursor(resource: Resource) -> str:
    """Return a place that the list might give out."""
    return Place(resource.all_orderings[0].shown, False, None, 1).encode()


def formats(names: tuple[str, ...]) -> list[Schema]:
    return [
        {
            "name": "format",
            "schema": {"type": "string", "enum": list(names), "examples": ["csv"]},
            "description": "Pages of JSON, or the whole list in another format; a header `Accept` "
            "asks for the same.",
        },
        {
            "name": "bom",
            "schema": {"type": "boolean", "examples": [True]},
            "description": "With `format=csv`: begin with a byte-order mark, which Excel wants.",
        },
    ]


def record_format(names: tuple[str, ...]) -> Schema:
    """Return the parameter that chooses the format of a record."""
    return {
        "name": "format",
        "schema": {"type": "string", "enum": list(names), "examples": [names[-1]]},
        "description": "JSON, or a timeline of all actions, responses and status changes of the "
        "record; a header `Accept` asks for the same.",
    }

"""The OpenAPI description (3.1), made of what the resources declare.

Every parameter and every member of an answer is described where it is declared, with an example:
here that is only written down in OpenAPI's words.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from api.access_schema import LIMIT_HEADERS, LIMITED
from api.formats.kinds import Format
from api.orderings import Place
from api.problems import MEDIA_TYPE
from api.resource import Resource
from api.shapes import Brief, Loaded, Nested, Schema, Shape

_URI = {"type": ["string", "null"], "format": "uri"}
_CLOCKS: list[Schema] = [
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
PROBLEM: Schema = {
    "type": "object",
    "description": "What went wrong: problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "description": "An address that explains this kind of error."},
        "title": {"type": "string", "description": "The kind of error, in words."},
        "status": {"type": "integer", "description": "The status of the answer."},
        "detail": {"type": "string", "description": "What is wrong with this request."},
        "errors": {
            "type": "array",
            "description": "One entry for each parameter at fault.",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "additionalProperties": False,
                "properties": {
                    "parameter": {"type": "string", "description": "Its name."},
                    "detail": {"type": "string", "description": "What is wrong with it."},
                    "suggestion": {
                        "type": "string",
                        "description": "The name that was probably meant.",
                    },
                },
            },
        },
    },
}
COMPONENTS: dict[str, Schema] = {"Problem": PROBLEM}
"""Schemas that no resource declares, by name."""


def object_schema(fields: Shape, help: str) -> Schema:
    """Return the schema of a record with these members, all of them always there."""
    return {
        "type": "object",
        "description": help,
        "required": [field.name for field in fields],
        "additionalProperties": False,
        "properties": {field.name: field.described() for field in fields},
    }


class ResourceSchema(AutoSchema):
    """Describes the two operations of a resource."""

    view: Any

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Schema | None:
        if method != "GET":
            return None
        self.registry = registry
        resource: Resource = self.view.resource
        is_list = not self.view.detail
        self._describe(resource)
        return {
            "operationId": f"{resource.name.replace('-', '_')}_{'list' if is_list else 'retrieve'}",
            "description": resource.help if is_list else resource.record_help,
            "tags": [resource.name],
            "parameters": self._list_parameters() if is_list else self._record_parameters(),
            "security": self.get_auth(),
            "responses": self._responses(resource, is_list),
        }

    def _component(self, name: str, schema: Schema) -> Schema:
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema=schema, object=name)
        self.registry.register_on_missing(component)
        return {"$ref": f"#/components/schemas/{name}"}

    def _describe(self, resource: Resource) -> None:
        for name, schema in COMPONENTS.items():
            self._component(name, schema)
        self._describe_nested(resource.fields)
        partial = object_schema(resource.fields, resource.record_help)
        self._component(resource.component, partial)

    def _describe_brief(self, brief: Brief) -> None:
        self._describe_nested(brief.fields)
        self._component(brief.name, object_schema(brief.fields, brief.help))

    def _describe_nested(self, fields: Shape) -> None:
        for field in fields:
            if isinstance(field, Nested) or (isinstance(field, Loaded) and field.brief is not None):
                self._describe_brief(field.brief)

    def _responses(self, resource: Resource, is_list: bool) -> Schema:
        reference = {"$ref": f"#/components/schemas/{resource.component}"}
        content: Schema = {"application/json": {"schema": reference}}
        if is_list:
            page = self._component(f"{resource.component}Page", _page(resource, reference))
            content = {"application/json": {"schema": page}}
        content |= _other_formats(self.view.writers)
        responses: Schema = {
            "200": {
                "description": "What was asked for.",
                "headers": LIMIT_HEADERS,
                "content": content,
            },
            "304": {
                "description": "Nothing changed since the validators that were sent.",
                "headers": LIMIT_HEADERS,
            },
            "400": self._problem("A parameter is unknown or has a bad value."),
            "406": self._problem("There is no format that the header `Accept` names."),
        }
        for status, (description, headers) in LIMITED.items():
            responses[status] = self._problem(description) | {"headers": LIMIT_HEADERS | headers}
        if not is_list:
            responses["404"] = self._problem("There is no such record, or it is not public.")
        return dict(sorted(responses.items()))

    def _problem(self, description: str) -> Schema:
        schema = {"$ref": "#/components/schemas/Problem"}
        content = {MEDIA_TYPE: {"schema": schema}}
        return {"description": description, "headers": LIMIT_HEADERS, "content": content}

    def _list_parameters(self) -> list[Schema]:
        resource: Resource = self.view.resource
        parameters = [*_CLOCKS, *_shaping(resource), *_paging(resource)]
        parameters += [
            {
                "name": item.name,
                "schema": item.schema | {"examples": [item.example]},
                "description": item.help,
            }
            for item in resource.filters
        ]
        if resource.searched:
            parameters.append(_SEARCH)
        parameters += _formats(self.view.formats)
        return [_in_query(item) for item in sorted(parameters, key=lambda item: str(item["name"]))]

    def _record_parameters(self) -> list[Schema]:
        resource: Resource = self.view.resource
        schema: Schema = {"type": "integer", "format": "int64", "examples": [1]}
        help = "Number of the record."
        if resource.has_slug:
            schema = {"type": "string", "examples": ["1", "an-example"]}
            help = "Number or slug. Digits alone are read as a number."
        where = {
            "name": "id",
            "in": "path",
            "required": True,
            "schema": schema,
            "description": help,
        }
        parameters = [*_CLOCKS, *_shaping(resource)]
        if self.view.formats:
            parameters.append(_record_format(self.view.formats))
        return [where, *(_in_query(item) for item in parameters)]


_SEARCH: Schema = {
    "name": "search",
    "schema": {"type": "string", "maxLength": 200, "examples": ['"one-year moratorium" -Ring']},
    "description": "Full text: records in which every word occurs, in any form of it; a phrase in "
    "double quotes; a word or phrase behind a minus does not occur; a star ends the beginning of "
    "a word. The best matches come first.",
}


def _in_query(parameter: Schema) -> Schema:
    return {"in": "query", "required": False} | parameter


def _shaping(resource: Resource) -> list[Schema]:
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


def _paging(resource: Resource) -> list[Schema]:
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
            "nothing is said, the best matches first if `search` is given (`-rank`).",
        },
    ]  # fmt: skip


def _example_cursor(resource: Resource) -> str:
    """Return a place that the list might give out."""
    return Place(resource.all_orderings[0].shown, False, None, 1).encode()


def _formats(names: tuple[str, ...]) -> list[Schema]:
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


def _record_format(names: tuple[str, ...]) -> Schema:
    return {
        "name": "format",
        "schema": {"type": "string", "enum": list(names), "examples": [names[-1]]},
        "description": "JSON, or a timeline of all actions, responses and status changes of the "
        "record; a header `Accept` asks for the same.",
    }


def _other_formats(formats: dict[str, Format]) -> Schema:
    return {
        found.media_type.partition(";")[0]: {
            "schema": {"type": "string", "description": found.help}
        }
        for found in formats.values()
    }


def _page(resource: Resource, reference: Schema) -> Schema:
    return {
        "type": "object",
        "description": "A page of a list.",
        "required": ["next", "previous", "results"],
        "additionalProperties": False,
        "properties": {
            "next": _URI | {"description": "The page after this one, if any."},
            "previous": _URI | {"description": "The page before this one, if any."},
            "count": {
                "type": "integer",
                "description": "Number of all results, with `count=true`; no more than 100,000.",
            },
            "count_is_exact": {
                "type": "boolean",
                "description": "Whether there are no more than that.",
            },
            "results": {"type": "array", "items": reference},
        },
    }

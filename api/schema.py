"""The OpenAPI description (3.1), made of what the resources declare.

Every parameter and every member of an answer is described where it is declared, with an example:
here that is only written down in OpenAPI's words.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from api.access_schema import HEADERS, LIMIT_HEADERS, LIMITED
from api.formats.kinds import Format
from api.problems import MEDIA_TYPE
from api.resource import Resource, find_resource
from api.schema_parameters import (
    CLOCKS,
    formats,
    in_query,
    paging,
    record_format,
    searching,
    shaping,
)
from api.shapes import Brief, Loaded, Nested, Schema, Shape

_URI = {"type": ["string", "null"], "format": "uri"}
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


def record_schema(resource: Resource) -> Schema:
    """Return the schema of a record: ``fields`` may leave out members, ``expand`` fill them in."""
    schema = object_schema(resource.fields, resource.record_help)
    del schema["required"]
    schema["minProperties"] = 1
    for name, other in (resource.expands or {}).items():
        member = schema["properties"][name]
        brief = member.get("oneOf", [{"$ref": member.get("$ref")}])
        whole = {"$ref": f"#/components/schemas/{find_resource(other).component}"}
        schema["properties"][name] = {
            "anyOf": [whole, *brief],
            "description": f"{member['description']} In full with `expand`.",
        }
    return schema


def component(registry: Any, name: str, schema: Schema) -> Schema:
    """Register a schema under a name, unless it is already, and return the reference to it."""
    found = ResolvedComponent(  # type: ignore[no-untyped-call]
        name, ResolvedComponent.SCHEMA, schema=schema, object=name
    )
    registry.register_on_missing(found)
    return {"$ref": f"#/components/schemas/{name}"}


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
        return component(self.registry, name, schema)

    def _describe(self, resource: Resource) -> None:
        for name, schema in COMPONENTS.items():
            self._component(name, schema)
        self._describe_nested(resource.fields)
        self._component(resource.component, record_schema(resource))

    def _describe_brief(self, brief: Brief) -> None:
        self._describe_nested(brief.fields)
        self._component(brief.name, object_schema(brief.fields, brief.help))

    def _record(self, resource: Resource) -> Schema:
        """Return the schema of what a list holds: records, and perhaps what is left of others."""
        reference = {"$ref": f"#/components/schemas/{resource.component}"}
        if resource.tombstones is None:
            return reference
        self._describe_brief(resource.tombstones.brief)
        gone = {"$ref": f"#/components/schemas/{resource.tombstones.brief.name}"}
        return {"anyOf": [reference, gone]}

    def _describe_nested(self, fields: Shape) -> None:
        for field in fields:
            if isinstance(field, Nested | Loaded) and field.brief is not None:
                self._describe_brief(field.brief)

    def _responses(self, resource: Resource, is_list: bool) -> Schema:
        reference = {"$ref": f"#/components/schemas/{resource.component}"}
        content: Schema = {"application/json": {"schema": reference}}
        if is_list:
            page = self._component(f"{resource.component}Page", _page(self._record(resource)))
            content = {"application/json": {"schema": page}}
        content |= _other_formats(self.view.writers)
        responses = {"200": success(content)} | problems()
        if not is_list:
            responses["404"] = problem_answer("There is no such record, or it is not public.")
        return dict(sorted(responses.items()))

    def _list_parameters(self) -> list[Schema]:
        resource: Resource = self.view.resource
        parameters = [*CLOCKS, *shaping(resource), *paging(resource)]
        parameters += [
            {
                "name": item.name,
                "schema": item.schema | {"examples": [item.example]},
                "description": item.help,
            }
            for item in resource.filters
        ]
        if resource.searched:
            parameters.append(searching(resource))
        parameters += formats(self.view.formats)
        return [in_query(item) for item in sorted(parameters, key=lambda item: str(item["name"]))]

    def _record_parameters(self) -> list[Schema]:
        resource: Resource = self.view.resource
        schema: Schema = {"type": "integer", "format": "int64", "examples": [1]}
        help = "Number of the record."
        if resource.has_slug:
            slugs = [field.example for field in resource.fields if field.name == "slug"]
            schema = {"type": "string", "examples": ["1", *slugs]}
            help = "Number or slug. Digits alone are read as a number."
        where = {
            "name": "id",
            "in": "path",
            "required": True,
            "schema": schema,
            "description": help,
        }
        parameters = [*CLOCKS, *shaping(resource)]
        if self.view.formats:
            parameters.append(record_format(self.view.formats))
        return [where, *(in_query(item) for item in parameters)]


def success(content: Schema) -> Schema:
    """Return the answer that gives what was asked for."""
    return {
        "description": "What was asked for.",
        "headers": LIMIT_HEADERS,
        "content": content,
    }


def problem_answer(description: str) -> Schema:
    """Return how an answer that is a problem is described."""
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {MEDIA_TYPE: {"schema": schema}}
    return {"description": description, "headers": LIMIT_HEADERS, "content": content}


ANSWERS: dict[str, Schema] = {
    "304": {
        "description": "Nothing changed since the validators that were sent.",
        "headers": LIMIT_HEADERS,
    },
    "400": problem_answer("A parameter is unknown or has a bad value."),
    "406": problem_answer("There is no format that the header `Accept` names."),
    "503": problem_answer("It takes too long to answer this: ask for less."),
} | {
    status: problem_answer(description) | {"headers": LIMIT_HEADERS | headers}
    for status, (description, headers) in LIMITED.items()
}
"""The other answers that every operation may give, by status."""


def problems() -> Schema:
    """Return references to the answers that every operation may give, by status."""
    return {
        status: {"$ref": f"#/components/responses/{_name(status)}"} for status in sorted(ANSWERS)
    }


def share(result: Schema, **context: Any) -> Schema:
    """Write what all operations have in common into the schema, once.

    Repeated in each of them it was a third of the schema, and whoever reads that works through all
    of it: Swagger UI does so anew each time an operation is opened.
    """
    answers = {_name(status): answer for status, answer in ANSWERS.items()}
    components = result["components"] | {"headers": HEADERS, "responses": answers}
    return result | {"components": dict(sorted(components.items()))}


def _name(status: str) -> str:
    return HTTPStatus(int(status)).name.title().replace("_", "")


def _other_formats(formats: dict[str, Format]) -> Schema:
    return {
        found.media_type.partition(";")[0]: {
            "schema": {
                "type": "object" if found.is_json else "string",
                "description": found.help,
            }
        }
        for found in formats.values()
    }


def _page(item: Schema) -> Schema:
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
            "results": {"type": "array", "items": item},
        },
    }

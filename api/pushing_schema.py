"""The OpenAPI description of how texts are brought."""

from __future__ import annotations

from typing import Any

from django.utils.encoding import force_str
from drf_spectacular.openapi import AutoSchema

from api.access_schema import LIMIT_HEADERS
from api.schema import component, problem_answer, problems
from api.shapes import Schema
from sources.causes import Cause
from sources.kinds import PollResult
from sources.services.pushing import TEXT_LENGTH

_DOCUMENT: Schema = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {
        "text": {
            "type": "string",
            "minLength": 1,
            "maxLength": TEXT_LENGTH,
            "description": "What it says, paragraphs parted by line ends. Of a page all of it, as "
            "it is now; of a feed one entry.",
            "examples": ["We are putting a one-year moratorium on police use of our product."],
        },
        "title": {
            "type": "string",
            "maxLength": 300,
            "description": "Its headline.",
            "examples": ["We are implementing a one-year moratorium"],
        },
        "url": {
            "type": "string",
            "maxLength": 500,
            "description": "Where it is published; empty for the source's own address.",
            "examples": ["https://www.aboutamazon.com/news/policy-news-views"],
        },
        "published_on": {
            "type": ["string", "null"],
            "format": "date",
            "description": "The day that it states.",
            "examples": ["2020-06-10"],
        },
        "language": {
            "type": "string",
            "maxLength": 35,
            "description": "BCP 47 tag.",
            "examples": ["en"],
        },
    },
}
_TAKEN: Schema = {
    "type": "object",
    "required": ["result", "cause", "detail", "snapshot_hash", "findings"],
    "properties": {
        "result": {
            "type": "string",
            "enum": PollResult.values,
            "description": "What it meant, as for a poll.",
            "examples": ["changed"],
        },
        "cause": {
            "type": ["string", "null"],
            "enum": [*Cause.values, None],
            "description": "Why it failed, if it did.",
            "examples": ["suspicious_change"],
        },
        "detail": {
            "type": "string",
            "description": "Who brought it, and how many sentences or entries are new.",
            "examples": ["newsroom scraper: sentences: 1 new, 0 gone"],
        },
        "snapshot_hash": {
            "type": ["string", "null"],
            "description": "SHA-256 of what was kept, if anything was.",
            "examples": ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
        },
        "findings": {
            "type": "integer",
            "description": "How many findings wait for a person.",
            "examples": [1],
        },
    },
}


_ID: Schema = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "examples": ["amazon-policy-blog"]},
    "description": "Number or slug of the source.",
}


def _refusals() -> Schema:
    answers = {status: said for status, said in problems().items() if status != "304"}
    return answers | {
        "403": problem_answer("The token may not bring texts for this source."),
        "404": problem_answer("There is no such source."),
        "409": problem_answer("The source is being polled: try again in a minute."),
        "415": problem_answer("The body is not JSON."),
        "422": problem_answer("The text is empty, too long, or no page."),
    }


class PushSchema(AutoSchema):
    """Describes the one operation."""

    view: Any

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Schema | None:
        if method != "POST":
            return None
        self.registry = registry  # where the security scheme is put
        given = component(registry, "PushedDocument", _DOCUMENT)
        taken = component(registry, "TakenDocument", _TAKEN)
        return {
            "operationId": "sources_documents_create",
            "description": force_str(self.view.__doc__),
            "tags": ["sources"],
            "parameters": [_ID],
            "security": [{"token": []}],
            "requestBody": {"required": True, "content": {"application/json": {"schema": given}}},
            "responses": {
                "201": {
                    "description": "It was taken in.",
                    "headers": LIMIT_HEADERS,
                    "content": {"application/json": {"schema": taken}},
                }
            }
            | _refusals(),
        }

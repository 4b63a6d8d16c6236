"""The OpenAPI description of how webhooks are managed."""

from __future__ import annotations

from typing import Any

from django.utils.encoding import force_str
from drf_spectacular.openapi import AutoSchema

from alerts.models import Attempt, Endpoint, Event, State
from api.access_schema import LIMIT_HEADERS
from api.schema import component, problem_answer, problems
from api.shapes import Schema
from api.webhook_records import CRITERIA, STATUSES_BEFORE
from campaigns.statuses import Status

MOST_DELIVERIES = 200

_MOMENT: Schema = {"type": "string", "format": "date-time", "examples": ["2026-03-01T12:00:00Z"]}
_NO_MOMENT: Schema = {**_MOMENT, "type": ["string", "null"]}
_TEXT: Schema = {"type": "string"}
_SECRET: Schema = {
    "type": "string",
    "description": "What messages are signed with, by Standard Webhooks. Shown this once.",
    "examples": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="],
}


def _words(words: Any, help: str, example: list[str], **more: Any) -> Schema:
    items = {"type": "string", "enum": list(words)}
    return {"type": "array", "items": items, "description": help, "examples": [example], **more}


def _object(properties: Schema, *, required: Any = None, help: str = "") -> Schema:
    needed = list(properties if required is None else required)
    described: Schema = {
        "type": "object",
        "description": help,
        "additionalProperties": False,
        "properties": properties,
    }
    return described | ({"required": needed} if needed else {})


_NAMED: Schema = {
    name: {
        "type": ["integer", "null"],
        "format": "int64",
        "minimum": 1,
        "maximum": 2**63 - 1,
        "description": f"Only what is about this {name}, by its number; null for any.",
        "examples": [1],
    }
    for name in CRITERIA
}
_CHOSEN: Schema = {
    "name": {**_TEXT, "minLength": 1, "maxLength": 100, "description": "What it is for.",
             "examples": ["Newsroom"]},
    "address": {**_TEXT, "minLength": 1, "maxLength": 500, "format": "uri",
                "description": "Where messages are posted: http or https, on the public internet.",
                "examples": ["https://newsroom.example/hooks"]},
    "format": {**_TEXT, "enum": Endpoint.Format.values, "examples": ["standard"],
               "description": "What is posted: JSON of Standard Webhooks, or a chat message."},
    "event_types": _words(Event.Type.values, "Which events; findings are for staff only.",
                          ["status_change.recorded"], minItems=1),
    **_NAMED,
    "includes_subsidiaries": {"type": "boolean", "examples": [True],
                              "description": "Whether `company` means its subsidiaries, too."},
    "to_statuses": _words(Status.values, "Only changes to these; empty for any.", ["reversed"]),
    "from_statuses": _words(STATUSES_BEFORE, "Only changes from these; empty for any.", ["paused"]),
    "is_enabled": {"type": "boolean", "examples": [True],
                   "description": "Whether it gets events. Enabled again, it gets what waits."},
}  # fmt: skip
_COUNT: Schema = {"type": "integer", "minimum": 0, "examples": [3]}
_WEBHOOK = {
    "id": {"type": "integer", "description": "Its number.", "examples": [1]},
    "url": {**_TEXT, "format": "uri", "description": "Its address in this API.",
            "examples": ["https://followthrough.example/api/v1/webhooks/1/"]},
    **_CHOSEN,
    "disabled_at": {**_NO_MOMENT, "description": "Since when it gets nothing."},
    "disabled_because": {**_TEXT, "description": "Why.", "examples": ["It answered 410 Gone."]},
    "failing_since": {**_NO_MOMENT, "description": "Since when nothing has arrived there."},
    "created_at": {**_MOMENT, "description": "What is recorded from then on is sent."},
    "deliveries": _object(dict.fromkeys(State.values, _COUNT),
                          help="How many messages are in which state."),
}  # fmt: skip
_ATTEMPT = _object(
    {
        "started_at": {**_MOMENT, "description": "When it was answered."},
        "result": {**_TEXT, "enum": Attempt.Result.values, "description": "How it ended."},
        "detail": {
            **_TEXT,
            "description": "Status and beginning of the answer, or what went wrong.",
            "examples": ["503 Service Unavailable"],
        },
    },
    help="One try.",
)
_DELIVERY = _object(
    {
        "id": {"type": "integer", "description": "Its number.", "examples": [9]},
        "webhook_id": {**_TEXT, "description": "Header `webhook-id`.", "examples": ["evt_7_1"]},
        "sequence": {"type": "integer", "description": "Of the event.", "examples": [7]},
        "type": {**_TEXT, "enum": Event.Type.values, "description": "Of the event."},
        "state": {**_TEXT, "enum": State.values, "description": "How far it has come."},
        "created_at": {**_MOMENT, "description": "Since when it is owed."},
        "next_attempt_at": {**_NO_MOMENT, "description": "When it is tried, if it waits."},
        "delivered_at": {**_NO_MOMENT, "description": "When it was taken."},
        "attempts": {"type": "array", "items": _ATTEMPT, "description": "The oldest first."},
    },
    help="One event owed to a webhook.",
)
_ANSWERS: dict[str, Schema] = {
    "Webhook": _object(_WEBHOOK, help="An address that gets events by POST."),
    "CreatedWebhook": _object({**_WEBHOOK, "secret": _SECRET}, help="A webhook, with its secret."),
    "WebhookSecret": _object({"secret": _SECRET}, help="A new secret."),
    "WebhookTest": _object(
        {
            "arrived": {"type": "boolean", "description": "Whether it was taken (2xx)."},
            "detail": {**_TEXT, "description": "Status and beginning of the answer.",
                       "examples": ["204"]},
        },
        help="What came of a test.",
    ),
    "WebhookDelivery": _DELIVERY,
}  # fmt: skip
_BODIES: dict[str, Schema] = {
    "NewWebhook": _object(_CHOSEN, required=["name", "address"], help="A webhook to be."),
    "WebhookChange": _object(_CHOSEN, required=(), help="What is to be otherwise."),
}

_OPERATIONS = {
    ("WebhooksView", "GET"): ("list", None, "200", "Webhook"),
    ("WebhooksView", "POST"): ("create", "NewWebhook", "201", "CreatedWebhook"),
    ("WebhookView", "GET"): ("retrieve", None, "200", "Webhook"),
    ("WebhookView", "PATCH"): ("update", "WebhookChange", "200", "Webhook"),
    ("WebhookView", "DELETE"): ("delete", None, "204", None),
    ("WebhookTestView", "POST"): ("test", None, "200", "WebhookTest"),
    ("WebhookRotateView", "POST"): ("rotate", None, "200", "WebhookSecret"),
    ("WebhookDeliveriesView", "GET"): ("deliveries", None, "200", "WebhookDelivery"),
}
"""Name, body, status and answer of each operation, by view and method."""
_LISTS = {"list", "deliveries"}

_ID: Schema = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "format": "int64", "minimum": 1, "examples": [1]},
    "description": "Number of the webhook.",
}
_PAGING: list[Schema] = [
    {
        "name": "before",
        "in": "query",
        "schema": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1, "examples": [100]},
        "description": "Only deliveries with a smaller number.",
    },
    {
        "name": "limit",
        "in": "query",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST_DELIVERIES, "examples": [50]},
        "description": "How many at most; 50 unless said.",
    },
]


class WebhooksSchema(AutoSchema):
    """Describes the operations on webhooks."""

    view: Any

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Schema | None:
        found = _OPERATIONS.get((type(self.view).__name__, method))
        if found is None:
            return None
        self.registry = registry  # where the security scheme is put
        name, body, status, answer = found
        handler = getattr(self.view, method.lower())
        described: Schema = {
            "operationId": f"webhooks_{name}",
            "description": force_str(handler.__doc__),
            "tags": ["webhooks"],
            "parameters": _parameters(path, name),
            "security": [{"token": []}],
            "responses": {status: self._success(name, answer), **_refusals(path, method, body)},
        }
        if body:
            given = component(registry, body, _BODIES[body])
            described["requestBody"] = {
                "required": True,
                "content": {"application/json": {"schema": given}},
            }
        return described

    def _success(self, name: str, answer: str | None) -> Schema:
        done: Schema = {"description": "It was done.", "headers": LIMIT_HEADERS}
        if answer is None:
            return done
        schema = component(self.registry, answer, _ANSWERS[answer])
        if name in _LISTS:
            schema = component(self.registry, f"{answer}Page", _page(schema))
        return {**done, "content": {"application/json": {"schema": schema}}}


def _parameters(path: str, name: str) -> list[Schema]:
    return [*([_ID] if "{id}" in path else []), *(_PAGING if name == "deliveries" else [])]


def _page(item: Schema) -> Schema:
    link = {"type": ["string", "null"], "format": "uri"}
    return _object(
        {
            "next": link | {"description": "The page after this one, if any."},
            "previous": link | {"description": "Always null."},
            "results": {"type": "array", "items": item},
        },
        help="A page of a list.",
    )


def _refusals(path: str, method: str, body: str | None) -> Schema:
    answers = {status: said for status, said in problems().items() if status != "304"}
    answers["400"] = problem_answer("A parameter or member is unknown or has a bad value.")
    answers["403"] = problem_answer("The token may not manage webhooks.")
    if "{id}" in path:
        answers["404"] = problem_answer("The owner of the token has no such webhook.")
    if body:
        answers["415"] = problem_answer("The body is not JSON.")
    return answers

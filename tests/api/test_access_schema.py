"""The schema says how to send a token, and what is answered to too many requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.api.references import followed


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


def operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in schema["paths"].items():
        if path.count("/") > 3:  # the index of all resources is described by Django REST framework
            yield from methods.values()


def test_a_token_may_be_sent_and_need_not_be(schema: dict[str, Any]) -> None:
    scheme = schema["components"]["securitySchemes"]["token"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    found = list(operations(schema))
    assert len(found) > 20
    for operation in found:
        must_be_sent = operation["operationId"].startswith(("sources_documents_", "webhooks_"))
        assert operation["security"] == [{"token": []}, *([] if must_be_sent else [{}])]


def test_every_operation_tells_of_its_limits(schema: dict[str, Any]) -> None:
    for operation in operations(schema):
        responses = followed(schema, operation["responses"])
        for status in ["401", "429"]:
            assert list(responses[status]["content"]) == ["application/problem+json"]
        for response in responses.values():
            headers = followed(schema, response["headers"])
            assert {"RateLimit", "RateLimit-Policy"} <= set(headers)
            assert all(header["description"] for header in headers.values())
        assert "Retry-After" in responses["429"]["headers"]
        [done] = responses.keys() & {"200", "201", "204"}
        assert "Retry-After" not in responses[done]["headers"]

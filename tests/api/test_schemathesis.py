"""The API against Schemathesis: cases made from its own schema, good, bad and hostile.

Every case is the same in every run: for each operation those that Schemathesis derives from the
schema by rule (its coverage phase), and some that Hypothesis draws without chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.config import GenerationConfig
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi import checks

from api.front import CachedReads
from campaigns.services import load_story
from tests.api.factories import RESOURCES, make_public_world
from tests.factories import NOW

pytestmark = pytest.mark.django_db

PATHS = [
    f"/api/v1/{resource}/{rest}" for resource in RESOURCES for rest in ("", "{id}/")
]
DRAWN = 10
"""Cases that are drawn for each operation, of good and of bad data each."""
LEAST_CASES = 4500
"""What all operations together are asked at least; 4,820 when this was written."""
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
]
GENERATION = GenerationConfig(deterministic=True, with_security_parameters=False)


@pytest.fixture(autouse=True)
def world(settings: Settings) -> Iterator[None]:
    """The founding story and a world with a row of every resource, asked without limits."""
    settings.API_ANONYMOUS_PER_MINUTE = 0
    load_story(now=NOW)
    make_public_world()
    # The connection of this thread is kept between requests, as Django's test client does.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def schema() -> BaseSchema:
    """What the API says of itself."""
    described = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    loaded = schemathesis.openapi.from_dict(described)
    loaded.app = CachedReads(WSGIHandler())
    return loaded


def cases_by_rule(schema: BaseSchema, operation: APIOperation[Any, Any, Any, Any]) -> list[Case]:
    modes = list(GenerationMode)
    return list(
        schema.iter_coverage_cases(
            operation, generation_modes=modes, generation_config=GENERATION
        )
    )


@pytest.mark.parametrize("path", PATHS)
def test_the_api_answers_every_case_as_its_schema_says(
    schema: BaseSchema, path: str, record_property: Callable[[str, object], None]
) -> None:
    operation = schema[path]["GET"]
    asked = 0

    def ask(case: Case) -> None:
        nonlocal asked
        asked += 1
        case.call_and_validate(checks=CHECKS)

    for case in cases_by_rule(schema, operation):
        ask(case)
    for mode in GenerationMode:
        drawn = given(case=operation.as_strategy(generation_mode=mode))(ask)
        hypothesis_settings(
            derandomize=True, database=None, deadline=None, max_examples=DRAWN,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )(drawn)()  # fmt: skip
    record_property("schemathesis_cases", asked)
    print(path, asked)

"""The API against Schemathesis: cases made from its own schema, good, bad and hostile.

Every case is the same in every run: for each operation those that Schemathesis derives from the
schema by rule (its coverage phase), and some that Hypothesis draws without chance.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.config import GenerationConfig
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.generation.meta import CoveragePhaseData
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi import checks

from alerts.models import Endpoint
from api.front import CachedReads
from campaigns.services import load_story
from tests.alerts.hooks import make_endpoint
from tests.api.factories import RESOURCES, make_public_world
from tests.api.tokens import make_token
from tests.factories import NOW
from tests.holding import held

pytestmark = pytest.mark.django_db

PATHS = [
    "/api/v1/statistics/",
    *(f"/api/v1/{resource}/{rest}" for resource in RESOURCES for rest in ("", "{id}/")),
]
PUSH = "/api/v1/sources/{id}/documents/"
WEBHOOKS = {
    "/api/v1/webhooks/": ("GET", "POST"),
    "/api/v1/webhooks/{id}/": ("GET", "PATCH", "DELETE"),
    "/api/v1/webhooks/{id}/rotate/": ("POST",),
    "/api/v1/webhooks/{id}/deliveries/": ("GET",),
}
"""What the bearer of a token is answered; to try one would wait for somebody's server."""
TRY = "/api/v1/webhooks/{id}/test/"
DRAWN = 10
"""Cases of good data that are drawn for each operation, and as many of bad data."""
CASES = range(3500, 9000)
"""How many cases all operations together may come to: 3,732 when this was written."""
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
]
AT_ODDS = frozenset({"bom", "cursor", "fields"})
"""Parameters that are refused beside most others, and would hide what these are answered with."""

NEEDED = {"include_subsidiaries": "company", "bom": "format", "after": "group_by"}
"""What a parameter is refused without."""

Operation = APIOperation[Any, Any, Any, Any]


def load_schema() -> BaseSchema:
    """Return what the API says of itself, with the whole application behind it."""
    described = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    loaded = schemathesis.openapi.from_dict(described)
    loaded.app = CachedReads(WSGIHandler())
    return loaded


@pytest.fixture(scope="module")
def schema() -> BaseSchema:
    """The schema for all tests: loading it costs more than asking."""
    return load_schema()


def make_story_and_world() -> None:
    load_story(now=NOW)
    make_public_world()


story_and_world = held(make_story_and_world)


@pytest.fixture
def world(
    story_and_world: None, settings: Settings, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """The founding story and a world with a row of every resource, asked without limits."""
    settings.API_ANONYMOUS_PER_MINUTE = 0
    caplog.set_level(logging.ERROR, logger="django.request")  # what is refused is not news
    # The connection of this thread is kept between requests, as Django's test client does.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def cases_by_rule(schema: BaseSchema, operation: Operation) -> Iterator[Case[Any]]:
    """Each value of each parameter that the schema tells apart, good and bad, and other methods.

    Schemathesis puts each beside examples of all others, which find nothing together; here it is
    asked alone, so that there are records to be checked.
    """
    generation = GenerationConfig(deterministic=True, with_security_parameters=False)
    asked = set()
    for case in schema.iter_coverage_cases(
        operation, generation_modes=list(GenerationMode), generation_config=generation
    ):
        assert case.meta is not None
        assert isinstance(case.meta.phase.data, CoveragePhaseData)
        name = case.meta.phase.data.parameter
        if case.query and name in case.query:
            beside = NEEDED.get(name, "")
            for other in case.query.keys() - {name, beside}:
                del case.query[other]
        elif case.query:
            for other in AT_ODDS & case.query.keys():
                del case.query[other]
        spelled = repr((case.method, case.path_parameters, case.query))
        if spelled not in asked:
            asked.add(spelled)
            yield case


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("path", PATHS)
def test_every_case_is_answered_as_the_schema_says(schema: BaseSchema, path: str) -> None:
    operation = schema[path]["GET"]

    def ask(case: Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

    for case in cases_by_rule(schema, operation):
        ask(case)
    for mode in GenerationMode:
        drawn = given(case=operation.as_strategy(generation_mode=mode))(ask)
        hypothesis_settings(
            derandomize=True, database=None, max_examples=DRAWN, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(drawn)()  # fmt: skip


@pytest.mark.usefixtures("world")
def test_what_is_brought_without_a_token_is_refused_as_the_schema_says(schema: BaseSchema) -> None:
    @hypothesis_settings(
        derandomize=True, database=None, max_examples=DRAWN, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=schema[PUSH]["POST"].as_strategy())
    def bring(case: Case[Any]) -> None:
        answer = case.call_and_validate(checks=CHECKS)
        assert answer.status_code in (400, 401, 404, 415)

    bring()


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("path", "method"), [(path, name) for path, names in WEBHOOKS.items() for name in names]
)
def test_webhooks_are_managed_as_the_schema_says(
    schema: BaseSchema, path: str, method: str
) -> None:
    token, secret = make_token(manages_webhooks=True)
    headers = {"Authorization": f"Bearer {secret}"}

    def ask(case: Case[Any]) -> None:
        with transaction.atomic():
            case.call_and_validate(checks=CHECKS, headers=headers)
            transaction.set_rollback(True)

    def ask_of_own(case: Case[Any]) -> None:
        if "id" in case.path_parameters:
            case.path_parameters["id"] = Endpoint.objects.owned_by(token.owner).get().pk
        ask(case)

    # Bad data first: while there is no webhook, none is found by chance.
    for mode, step in ((GenerationMode.NEGATIVE, ask), (GenerationMode.POSITIVE, ask_of_own)):
        if step is ask_of_own:
            make_endpoint(owner=token.owner)
        drawn = given(case=schema[path][method].as_strategy(generation_mode=mode))(step)
        hypothesis_settings(
            derandomize=True, database=None, max_examples=DRAWN, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(drawn)()  # fmt: skip


def test_every_operation_is_asked_often_but_not_for_ever() -> None:
    schema = load_schema()  # a fresh one: it remembers which methods it has tried where
    assert set(schema) == {*PATHS, PUSH, *WEBHOOKS, TRY}
    by_rule = sum(1 for path in PATHS for _ in cases_by_rule(schema, schema[path]["GET"]))
    number = by_rule + len(PATHS) * len(GenerationMode) * DRAWN
    print(f"Schemathesis cases: {number}")  # noqa: T201 - shown by pytest -rP
    assert number in CASES

"""Settings that cannot be followed."""

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from config.beat import JOBS
from sources.opinions import LONGEST_WAIT
from sources.services.second_opinions import RUN_SECONDS


def errors() -> list[str]:
    return [found.msg for found in run_checks() if str(found.id).startswith("sources.")]


@pytest.mark.parametrize("seconds", [0, -1, 20.5, 300])
def test_a_wait_that_is_none_or_too_long_stops_the_start(
    seconds: float, settings: Settings
) -> None:
    settings.SECOND_OPINION_SECONDS = seconds
    [message] = errors()
    assert f"SECOND_OPINION_SECONDS is {seconds:g}" in message
    assert "at most 20" in message


@pytest.mark.parametrize("seconds", [0.5, 20])
def test_a_wait_that_is_short_enough_can_be_followed(seconds: float, settings: Settings) -> None:
    settings.SECOND_OPINION_SECONDS = seconds
    assert errors() == []


def test_a_run_that_asks_for_second_opinions_is_over_before_the_next_begins() -> None:
    job = JOBS["ask for second opinions"]
    assert job["options"]["expires"] + RUN_SECONDS + LONGEST_WAIT < job["schedule"]

"""What the benchmark of the API asks, and what it says of its goals."""

from __future__ import annotations

import shutil

import pytest

from benchmarks.api.results import Result, percentile, table, unavailable
from benchmarks.api.scenarios import THROUGHPUT, Parameters, searches
from benchmarks.api.wrk import missing_tools

PARAMETERS = Parameters(
    {
        "company": range(1, 40),
        "target": range(1, 200),
        "action": range(1, 200),
        "organization": range(1, 40),
        "after": range(1, 200),
        "limit": range(25, 61),
    }
)


@pytest.mark.parametrize("scenario", THROUGHPUT, ids=lambda scenario: scenario.name)
def test_no_request_is_drawn_twice_and_the_seed_decides_which(scenario: object) -> None:
    drawn = PARAMETERS.draw(scenario, 150)  # type: ignore[arg-type]

    assert len({each.ours for each in drawn}) == 150
    assert not any("{" in each.ours + each.naive for each in drawn)
    assert PARAMETERS.draw(scenario, 150) == drawn  # type: ignore[arg-type]


def test_there_are_no_more_requests_than_values() -> None:
    assert len(PARAMETERS.draw(THROUGHPUT[2], 10_000)) == 199


def test_searches_are_for_single_words_phrases_and_without_words() -> None:
    asked = list(searches(70))

    assert any(text.startswith('"') for text in asked)
    assert any(" -" in text for text in asked)
    assert any(" " not in text for text in asked)
    assert list(searches(70)) == asked


def test_a_goal_is_met_from_its_figure_on() -> None:
    assert Result("x", "", ratio=0.35, at_least=0.35).is_met is True
    assert Result("x", "", ratio=0.34, at_least=0.35).is_met is False
    assert Result("x", "", ratio=1.1, at_most=1.1).is_met is True
    assert Result("x", "", ratio=1.11, at_most=1.1).is_met is False


def test_what_could_not_be_measured_is_neither_met_nor_missed() -> None:
    result = unavailable("search", 400, at_least=1)

    assert result.is_met is None
    assert "none: 400" in table([result])


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile(range(1, 101), 0.95) == 95
    assert percentile([7.0], 0.99) == 7.0


def test_a_missing_program_is_named_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)

    assert "apt-get install wrk" in missing_tools()[0]
    assert "apt-get install postgresql-client" in missing_tools()[1]

"""Texts that are made to stall or to break what reads them."""

import datetime as dt

import pytest

from sources.detection import Text, detect
from sources.detection.dates import When
from sources.detection.moments import first_moments
from sources.detection.sentences import split
from tests.sources.detection.examples import CORVIA, read

STOPPED = "Corvia has stopped selling face recognition to police."


@pytest.mark.parametrize("noise", ["." * 1_000_000, "!?…" * 300_000, ".”" * 300_000])
def test_a_million_stops_are_cut_at_once_and_hide_nothing(noise: str) -> None:
    assert [one.text for one in split(f"{noise}\n{STOPPED}")] == [STOPPED]


def test_of_a_title_without_end_only_the_beginning_is_read() -> None:
    text = Text(STOPPED, title="Corvia stops. " * 100_000, published_on=dt.date(2024, 5, 16))
    assert [one.status for one in detect(None, text, [CORVIA])] == ["met"]


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
def test_a_day_of_publication_that_cannot_be_is_none(day: dt.date) -> None:
    body = "On Monday Corvia paused sales of face recognition to police for two weeks."
    [found] = detect(None, Text(body, published_on=day), [CORVIA])
    assert (found.status, found.effective_on, found.expires_on) == ("paused", None, None)


def test_a_letter_that_only_looks_like_another_makes_no_number() -> None:
    [found] = read("Corvia has paused sales of face recognition to police for ſix days.", CORVIA)
    assert found.expires_on is None


def test_a_sentence_of_a_hundred_clauses_in_another_language_is_left_out() -> None:
    clause = "Corvia ha dejado de vender reconocimiento facial a la policía"
    [found] = detect(None, Text(f"{clause}.", language="es"), [CORVIA])
    assert found.status == "met"
    assert detect(None, Text(f"{', '.join([clause] * 20)}.", language="es"), [CORVIA]) == []


def test_a_text_of_dates_alone_gives_nothing_and_hides_nothing() -> None:
    dates = "\n".join(["2019 " * 390] * 100)
    text = Text(f"{dates}\n{STOPPED}", published_on=dt.date(2024, 5, 16))
    assert [one.sentence for one in detect(None, text, [CORVIA])] == [STOPPED]


def test_many_dates_in_one_sentence_are_not_all_looked_at() -> None:
    body = f"Corvia sells by May{' by May' * 200} cameras.\n{STOPPED}"

    assert len(first_moments(body, When(dt.date(2024, 5, 16), "day"))) == 12
    assert [one.sentence for one in read(body, CORVIA)] == [STOPPED]

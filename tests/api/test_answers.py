"""How much is remembered of what was answered."""

import pytest

from api.answers import MOST_DATES, Answer, Answers, Dates


def test_the_least_recently_used_go_when_there_is_no_room() -> None:
    answer = Answer([("ETag", '"x"')], b"x" * 1000, made_at=0)
    answers = Answers(answer.size * 2 + 2)
    for key in "abab":
        answers.keep((key,), answer)
    answers.get(("a",))
    answers.keep(("c",), answer)

    assert [key for key in "abc" if answers.get((key,))] == ["a", "c"]
    assert len(answers) == 2


def test_what_was_asked_counts_like_what_was_answered() -> None:
    answer = Answer([], b"x", made_at=0)
    answers = Answers(answer.size + 50)
    answers.keep(("a", None, "y" * 60), answer)
    assert len(answers) == 0
    answers.keep(("a", None, "y" * 40), answer)
    assert len(answers) == 1


@pytest.mark.parametrize("size", [1_000_001, 5_000])
def test_what_is_too_large_is_not_kept(size: int) -> None:
    answers = Answers(4_000 if size == 5_000 else 10_000_000)
    answers.keep(("a",), Answer([], b"x" * size, made_at=0))
    assert len(answers) == 0


def test_the_oldest_dates_are_forgotten() -> None:
    dates = Dates()
    answer = Answer([("ETag", '"x"')], b"", made_at=0)
    for number in range(MOST_DATES):
        dates.note((str(number),), answer)
    dates.note(("0",), answer)

    dates.note(("one more",), answer)

    assert dates.second(("0",), '"x"') == 2
    assert dates.second(("1",), '"x"') is None
    assert dates.second(("0",), '"y"') is None

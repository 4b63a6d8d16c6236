"""How much is remembered of what was answered."""

import pytest

from api.answers import Answer, Answers


def test_the_least_recently_used_go_when_there_is_no_room() -> None:
    answer = Answer([("ETag", '"x"')], b"x" * 1000)
    answers = Answers(answer.size * 2 + 2)
    for key in "abab":
        answers.keep((key,), answer)
    answers.get(("a",))
    answers.keep(("c",), answer)

    assert [key for key in "abc" if answers.get((key,))] == ["a", "c"]
    assert len(answers) == 2


def test_what_was_asked_counts_like_what_was_answered() -> None:
    answer = Answer([], b"x")
    answers = Answers(answer.size + 50)
    answers.keep(("a", None, "y" * 60), answer)
    assert len(answers) == 0
    answers.keep(("a", None, "y" * 40), answer)
    assert len(answers) == 1


@pytest.mark.parametrize("size", [1_000_001, 5_000])
def test_what_is_too_large_is_not_kept(size: int) -> None:
    answers = Answers(4_000 if size == 5_000 else 10_000_000)
    answers.keep(("a",), Answer([], b"x" * size))
    assert len(answers) == 0

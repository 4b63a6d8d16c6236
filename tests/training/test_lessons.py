"""The network is taught passages as detection lets it read them."""

from sources.detection.impression import Question
from sources.detection.network import MARKS
from tests.training.test_passages import LINE, NEWS
from training.lessons import Lesson, frequent_words, lessons_of
from training.passages import rows_of, see


def test_a_lesson_is_a_passage_as_its_target_sees_it() -> None:
    seen = list(see(0, LINE))
    rows = [row for one in seen for row in rows_of(one, frozenset())]

    corvia, bank = lessons_of(seen, rows, [True] * len(rows))

    assert (corvia.change, corvia.tells) == ("paused", [False, True, False])
    assert (bank.change, bank.tells) == (None, [False, False, False])
    assert len(corvia.question.demand) == len(LINE["targets"][0]["demand"].split())
    assert corvia.question.sentences[1][0] == bank.question.sentences[2][0] != "corvia"
    assert corvia.question.recorded == "called_on"


def test_what_is_not_read_together_is_no_part_of_a_lesson() -> None:
    seen = list(see(0, LINE))
    rows = [row for one in seen for row in rows_of(one, frozenset())]
    is_news = [sentence == NEWS for one in seen for sentence in one.sentences]

    corvia, _ = lessons_of(seen, rows, is_news)

    assert (len(corvia.question.sentences), corvia.tells) == (1, [True])


def test_a_word_is_known_that_is_said_often_enough() -> None:
    question = Question(
        ("ban",), (("stop",) * 7, ("stop", "rare")), (True,) * 2, ("sell",), None, asks_to_stop=True
    )

    words = frequent_words([Lesson(question, None, [False, False])])

    assert words == [*MARKS, "stop"]

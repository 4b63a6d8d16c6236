"""The network reads a text as its weights say: small ones here, worked out by hand."""

import io
from dataclasses import replace

import numpy as np
import pytest

from sources.detection.impression import Question
from sources.detection.network import (
    MARKS,
    Floats,
    Network,
    network,
    number,
    read_network,
)
from sources.detection.weights import weights

WORDS = {word: at for at, word in enumerate([*MARKS, "stop", "sell", "guard"])}
"""Each of the last three has a number of its own; what a sentence is worth is one number."""
QUESTION = Question(
    title=("guard",),
    sentences=(("we", "guard"), ("we", "stop", "sell")),
    about=(False, True),
    demand=("sell",),
    recorded=None,
    asks_to_stop=True,
)


def arrays() -> dict[str, Floats]:
    """Return weights of zero, but for the vectors of words."""
    shapes = {
        "words_near": (3, 4, 1), "words_near_bias": (1,), "words_far": (3, 1, 1),
        "words_far_bias": (1,), "records": (2, 1), "nearby": (3, 4, 1), "nearby_bias": (1,),
        "focus": (1 + 1 + 1 + 3,), "focus_bias": (1,), "hidden": (1 + 2 + 1 + 5, 2),
        "hidden_bias": (2,), "news": (2,), "news_bias": (), "status": (2, 2), "status_bias": (2,),
    }  # fmt: skip
    found = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    found["words"] = np.zeros((len(WORDS), 3), np.float32)
    found["words"][-3:] = np.eye(3)
    return found


def reader(learnt: dict[str, Floats]) -> Network:
    return Network(WORDS, {"none": 0, "called_on": 1}, ("met", "paused"), learnt)


def most_of(learnt: dict[str, Floats]) -> dict[str, Floats]:
    """Let the log odds of news be the highest worth of any sentence."""
    learnt["nearby"][1, 0, 0] = 1
    learnt["hidden"][3, 0] = 1
    learnt["news"][0] = 1
    return learnt


def test_a_word_is_worth_what_its_vector_says() -> None:
    learnt = most_of(arrays())
    learnt["words_near"][1, 0, 0] = 2

    silent = replace(QUESTION, sentences=QUESTION.sentences[:1])
    assert reader(learnt).read(QUESTION).news == pytest.approx(2)
    assert reader(learnt).read(silent).news == pytest.approx(0)


@pytest.mark.parametrize(
    ("sentence", "worth"), [(("stop", "sell"), 3), (("sell", "stop"), 0), (("stop", "we"), 0)]
)
def test_what_a_word_is_worth_depends_on_its_neighbours(
    sentence: tuple[str, ...], worth: float
) -> None:
    learnt = most_of(arrays())
    learnt["words_near"][1, 0, 0] = 3
    learnt["words_near"][2, 1, 0] = 3
    learnt["words_near_bias"][0] = -3

    found = reader(learnt).read(replace(QUESTION, sentences=(sentence,)))
    assert found.news == pytest.approx(worth)


def test_a_word_is_seen_across_one_that_stands_between() -> None:
    learnt = most_of(arrays())
    learnt["words_near"][1, 0, 0] = 1
    learnt["words_far"][0, 0, 0] = 5

    far = replace(QUESTION, sentences=(("stop", "we", "sell"),))
    near = replace(QUESTION, sentences=(("stop", "sell"),))
    assert reader(learnt).read(far).news == pytest.approx(5)
    assert reader(learnt).read(near).news == pytest.approx(1)


def test_words_of_the_demand_are_known_by_their_likeness() -> None:
    learnt = most_of(arrays())
    learnt["words_near"][1, 3, 0] = 1

    assert reader(learnt).read(QUESTION).news == pytest.approx(1)
    assert reader(learnt).read(replace(QUESTION, demand=("guard",))).news == pytest.approx(1)
    assert reader(learnt).read(replace(QUESTION, demand=("unheard",))).news == pytest.approx(0)


def test_the_sentence_in_focus_counts_most() -> None:
    learnt = arrays()
    learnt["words_near"][1, 0, 0] = 1
    learnt["nearby"][1, 0, 0] = learnt["nearby"][1, 2, 0] = 1
    learnt["hidden"][0, 0] = learnt["news"][0] = 1

    alike = reader(learnt).read(QUESTION).news
    learnt["focus"][0] = 100
    # The headline, the first sentence and the second are worth 0, 0 and 2: it is about the target.
    assert alike == pytest.approx(2 / 3)
    assert reader(learnt).read(QUESTION).news == pytest.approx(2)


def test_the_record_and_what_is_asked_count() -> None:
    learnt = arrays()
    learnt["records"][1, 0] = 1
    learnt["hidden"][4, 0] = learnt["hidden"][5, 1] = 1
    learnt["news"][:] = 3, 4

    found = reader(learnt)
    assert found.read(QUESTION).news == pytest.approx(4)
    assert found.read(replace(QUESTION, recorded="called_on")).news == pytest.approx(7)
    assert found.read(replace(QUESTION, asks_to_stop=False)).news == pytest.approx(0)
    assert found.read(replace(QUESTION, recorded="withdrawn")).news == pytest.approx(4)


def test_shares_of_the_statuses_are_probabilities() -> None:
    learnt = arrays()
    learnt["status_bias"][:] = np.log(3), 0

    assert reader(learnt).read(QUESTION).shares == pytest.approx([0.75, 0.25])


def test_a_text_is_numbered_and_cut_to_what_is_read() -> None:
    unknown, sentence, no_title = (WORDS[mark] for mark in MARKS[1:])

    assert number(WORDS, QUESTION) == (
        [WORDS["guard"], sentence, unknown, WORDS["guard"], sentence, unknown, *[4, 5]],
        [0, 1, 1, 1, 2, 2, 2, 2],
        [WORDS["sell"]],
    )
    bare = Question((), (), (), (), None, asks_to_stop=False)
    assert number(WORDS, bare) == ([no_title], [0], [unknown])
    long = replace(QUESTION, sentences=[["sell"] * 1_000] * 1_000, about=[True] * 1_000)
    tokens, homes, _ = number(WORDS, long)
    assert len(tokens) == len(homes) < 300
    assert reader(arrays()).read(long).news == 0


def test_a_data_file_is_read_as_it_was_written() -> None:
    file = io.BytesIO()
    names = {"words": list(WORDS), "records": ["none"], "statuses": ["met"]}
    listed = {f"names_{name}": np.array(some) for name, some in names.items()}
    np.savez_compressed(file, news=np.array([0.5], np.float16), allow_pickle=False, **listed)

    found = read_network(file.getvalue())
    assert (found.words, found.records, found.statuses) == (WORDS, {"none": 0}, ("met",))
    assert found.arrays["news"].tolist() == [0.5]


def test_what_was_learnt_tells_a_stop_from_a_call_for_one() -> None:
    asked = replace(QUESTION, title=(), demand=("stop", "sell", "guard"), about=(True,))
    done, called_for = (
        network().read(replace(asked, sentences=(sentence,), recorded="called_on"))
        for sentence in (
            ("<target>", "will", "no", "longer", "<demand>", "it", "say", "on", "monday"),
            ("<critic>", "call", "on", "<target>", "to", "stop", "<demand>"),
        )
    )
    assert done.news > called_for.news
    assert sum(done.shares) == pytest.approx(1, abs=1e-5)


def test_it_tells_the_statuses_apart_that_weights_do() -> None:
    assert network().statuses == weights().statuses

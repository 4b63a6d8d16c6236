"""What a page said before and says now, around a passage."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sources.differing import MOST_WORDS, Changes, changes_around

BEFORE = "Our policy.\n\nWe sell to the police.\n\nQuestions are welcome.\n\nCall us."
AFTER = "Our policy.\n\nWe sell to no police.\n\nQuestions are welcome.\n\nWrite to us."


def around(before: str, after: str, passage: str) -> Changes:
    start = after.index(passage)
    return changes_around(before, after, start, start + len(passage))


def shown(changes: Changes) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text.strip()) for piece in changes.pieces]


def test_words_that_went_and_words_that_came_are_told_apart() -> None:
    changes = around(BEFORE, AFTER, "We sell to no police.")
    assert shown(changes) == [
        ("same", "Our policy.\n\nWe sell to"),
        ("removed", "the"),
        ("added", "no"),
        ("same", "police.\n\nQuestions are welcome."),
    ]
    assert not changes.is_cut
    assert not changes.is_none


def test_what_changed_beyond_the_next_common_paragraphs_is_left_out() -> None:
    words = " ".join(text for _, text in shown(around(BEFORE, AFTER, "We sell to no police.")))
    assert "Write" not in words
    assert "Call" not in words


def test_a_passage_in_which_nothing_differs_says_so() -> None:
    assert around(BEFORE, BEFORE, "Questions are welcome.").is_none


def test_a_new_paragraph_is_all_new() -> None:
    after = BEFORE.replace("Questions", "We pause.\n\nQuestions")
    assert ("added", "We pause.") in shown(around(BEFORE, after, "We pause."))


def test_paragraphs_that_stand_twice_are_no_landmarks() -> None:
    before = "Share\n\nOne.\n\nShare\n\nTwo."
    after = "Share\n\nOne.\n\nShare\n\nThree."
    assert ("added", "Three.") in shown(around(before, after, "Three."))


def test_long_differences_are_cut_and_say_so() -> None:
    before = " ".join(f"was{number}" for number in range(3 * MOST_WORDS))
    after = " ".join(f"now{number}" for number in range(3 * MOST_WORDS))
    changes = around(before, after, "now0 now1")
    assert changes.is_cut
    assert sum(len(piece.text.split()) for piece in changes.pieces) == 2 * MOST_WORDS


_TEXTS = st.lists(st.sampled_from(["a", "b", "c", "\n"]), min_size=1, max_size=30).map(" ".join)


@given(_TEXTS, _TEXTS)
def test_the_pieces_spell_both_texts(before: str, after: str) -> None:
    changes = changes_around(before, after, 0, 1)
    now = [w for p in changes.pieces if p.kind != "removed" for w in p.text.split()]
    was = [w for p in changes.pieces if p.kind != "added" for w in p.text.split()]
    # They are the beginning of both texts, as far as the first landmark after the passage.
    assert after.split()[: len(now)] == now
    assert before.split()[: len(was)] == was

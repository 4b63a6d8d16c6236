"""What a page said before and says now, around a passage."""

from __future__ import annotations

import pytest
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
        ("removed", "Call"),
        ("added", "Write to"),
        ("same", "us."),
    ]
    assert not changes.is_cut
    assert not changes.is_none


def test_what_was_replaced_before_other_paragraphs_is_shown_with_what_replaced_it() -> None:
    before = "We sell to shops and to the police as well.\n\nOur offices.\n\nOur values."
    after = (
        "We sell to shops but no longer sell to any police.\n\nOur offices.\n\n"
        "This is a promise.\n\nOur values."
    )
    assert shown(around(before, after, "This is a promise.")) == [
        ("same", "We sell to shops"),
        ("removed", "and to the police as well."),
        ("added", "but no longer sell to any police."),
        ("same", "Our offices."),
        ("added", "This is a promise."),
        ("same", "Our values."),
    ]


def test_paragraphs_that_only_changed_places_leave_the_others_comparable() -> None:
    changes = around("A b.\n\nC d.\n\nE f.", "C d.\n\nE f.\n\nA b.", "A b.")
    assert ("removed", "A b.") in shown(changes)
    assert ("added", "A b.") in shown(changes)
    assert any("C d.\n\nE f." in text for kind, text in shown(changes) if kind == "same")


def test_of_very_much_that_differs_what_is_nearest_to_the_passage_is_shown() -> None:
    others = "\n\n".join(f"Landmark {n}.\n\nold{n} {'was ' * 90}" for n in range(20))
    before = f"{others}\n\nWe sell.\n\nEnd."
    after = f"{others.replace('was', 'is').replace('old', 'new')}\n\nWe stop.\n\nEnd."
    changes = around(before, after, "We stop.")
    words = " ".join(text for _, text in shown(changes))
    assert changes.is_cut
    assert ("added", "stop.") in shown(changes)
    assert "old19" in words
    assert "new0" not in words


def test_a_passage_in_which_nothing_differs_says_so() -> None:
    assert around(BEFORE, BEFORE, "Questions are welcome.").is_none


def test_a_new_paragraph_is_all_new() -> None:
    after = BEFORE.replace("Questions", "We pause.\n\nQuestions")
    assert ("added", "We pause.") in shown(around(BEFORE, after, "We pause."))


def test_paragraphs_that_stand_twice_are_no_landmarks() -> None:
    before = "Share\n\nOne.\n\nShare\n\nTwo."
    after = "Share\n\nOne.\n\nShare\n\nThree."
    assert ("added", "Three.") in shown(around(before, after, "Three."))


@pytest.mark.parametrize("passage", ["now0 now1", "now700 now701", "now1198 now1199"])
def test_long_differences_are_cut_around_the_passage_and_say_so(passage: str) -> None:
    before = " ".join(f"was{number}" for number in range(3 * MOST_WORDS))
    after = " ".join(f"now{number}" for number in range(3 * MOST_WORDS))
    changes = around(before, after, passage)
    assert changes.is_cut
    [was] = [piece.text for piece in changes.pieces if piece.kind == "removed"]
    [now] = [piece.text for piece in changes.pieces if piece.kind == "added"]
    assert passage in now
    assert len(was.split()) == len(now.split()) == MOST_WORDS


_TEXTS = st.lists(st.sampled_from(["a", "b", "c", "\n"]), min_size=1, max_size=30).map(" ".join)


@given(_TEXTS, _TEXTS)
def test_the_pieces_spell_both_texts(before: str, after: str) -> None:
    changes = changes_around(before, after, 0, 1)
    now = [w for p in changes.pieces if p.kind != "removed" for w in p.text.split()]
    was = [w for p in changes.pieces if p.kind != "added" for w in p.text.split()]
    assert after.split() == now
    assert before.split() == was

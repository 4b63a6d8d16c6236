"""What a user types becomes terms, or a sentence that says why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.search import InvalidSearch, Kind, Term, parse_search
from campaigns.search.alphabet import is_word_character


def positive(value: str, kind: Kind = Kind.WORDS) -> Term:
    return Term(value, kind)


def negative(value: str, kind: Kind = Kind.WORDS) -> Term:
    return Term(value, kind, is_negative=True)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("moratorium", [positive("moratorium")]),
        ("Police  RING", [positive("police"), positive("ring")]),
        (
            '"one-year moratorium" police -Ring',
            [positive("one year moratorium"), positive("police"), negative("ring")],
        ),
        ("-Ring police", [positive("police"), negative("ring")]),
        ("one-year", [positive("one year")]),
        ('police -"face recognition"', [positive("police"), negative("face recognition")]),
        ("police −ring", [positive("police"), negative("ring")]),
        ("“one year”", [positive("one year")]),
        ('police "one year', [positive("police"), positive("one year")]),
        ("moratori*", [positive("moratori", Kind.PREFIX)]),
        ("police -moratori*", [positive("police"), negative("moratori", Kind.PREFIX)]),
        ('"moratori*"', [positive("moratori")]),
        ("police * - \" ' -", [positive("police")]),
        ("police police Police", [positive("police")]),
        ("Straße ΣΊΣΥΦΟΣ", [positive("straße"), positive("σίσυφοσ")]),
        ("cafe\u0301", [positive("café")]),
        ("NEAR(a b, 5)", [positive("near a"), positive("b"), positive("5")]),
        ("demand:police^2", [positive("demand police 2")]),
        ("a OR b AND NOT c", [positive(word) for word in ("a", "or", "b", "and", "not", "c")]),
        ("police & !ring <-> x", [positive("police"), positive("ring"), positive("x")]),
        ('say"one year"-ring', [positive("say"), positive("one year"), negative("ring")]),
    ],
)
def test_a_text_is_read_as_terms(text: str, terms: list[Term]) -> None:
    assert list(parse_search(text).terms) == terms


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no word"),
        ('" - * ! "', "no word"),
        ("-ring", "only what not to find"),
        ("a b c d e f g h i j k l m", "more than 12"),
        ("a" * 201, "longer than 200"),
        ("a\0b", "characters that no text has"),
        ("a\ud800", "characters that no text has"),
        ("po*", "At least 3 letters"),
    ],
)
def test_what_cannot_be_searched_is_refused_with_a_sentence(text: str, reason: str) -> None:
    with pytest.raises(InvalidSearch, match=reason):
        parse_search(text)


def test_shape_and_values_hold_what_the_query_needs() -> None:
    search = parse_search('police -"one year" morator*')

    assert search.shape == ((False, Kind.WORDS), (False, Kind.PREFIX), (True, Kind.WORDS))
    assert search.values == ["police", "morator", "one year"]


@given(st.text(max_size=210))
def test_any_text_gives_words_or_the_one_refusal(text: str) -> None:
    try:
        search = parse_search(text)
    except InvalidSearch:
        return
    assert any(not term.is_negative for term in search.terms)
    for term in search.terms:
        assert term.value == " ".join(term.value.split())
        assert all(char == " " or is_word_character(char) for char in term.value)

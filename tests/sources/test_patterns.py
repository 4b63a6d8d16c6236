"""Patterns of users: what they hide, and what is refused."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.comparison import compare
from sources.extraction.rules import (
    PATTERN_LENGTH,
    PATTERNS,
    SELECTOR_LENGTH,
    SELECTORS,
    PageRules,
    check_pattern,
    check_selector,
)
from sources.faults import RuleError, RuleFault
from sources.patterns import BLANK, blanked, compile_pattern, compile_patterns

HOSTILE = ["(a+)+$", "(a|aa)+$", "(.*a){20}b", "(a+a+)+b", r"(\w+\s?)+!", "(?:a?){50}a{50}b"]


@pytest.mark.parametrize("pattern", HOSTILE)
def test_a_hostile_pattern_takes_time_in_proportion_to_the_text(pattern: str) -> None:
    started = time.process_time()
    blanked("a" * 100_000 + "!", [compile_pattern(pattern)])
    # Engines that try all ways would take longer than the universe is old.
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        (r"(a)\1", RuleFault.PATTERN_UNSUPPORTED),
        ("a(?=b)", RuleFault.PATTERN_UNSUPPORTED),
        ("(?<!a)b", RuleFault.PATTERN_UNSUPPORTED),
        ("(?>a)b", RuleFault.PATTERN_UNSUPPORTED),
        ("a++", RuleFault.PATTERN_UNSUPPORTED),
        ("(a", RuleFault.PATTERN),
        ("[z-a]", RuleFault.PATTERN),
        ("a\\", RuleFault.PATTERN),
        (".{1000}", RuleFault.PATTERN_TOO_COSTLY),
        ("a{2000}", RuleFault.PATTERN_TOO_COSTLY),
        ("((a{30}){30}){30}", RuleFault.PATTERN_TOO_COSTLY),
        ("a*", RuleFault.PATTERN_EMPTY),
        ("^", RuleFault.PATTERN_EMPTY),
        (".+", RuleFault.PATTERN_OF_EVERYTHING),
        (r"[\w\W]", RuleFault.PATTERN_OF_EVERYTHING),
        (r"\pL+|\d", RuleFault.PATTERN_OF_EVERYTHING),
        ("a\u200bb", RuleFault.CHARACTERS),
        ("a\ud800b", RuleFault.CHARACTERS),
        ("x" * (PATTERN_LENGTH + 1), RuleFault.TOO_LONG),
    ],
)
def test_a_pattern_that_cannot_be_kept_is_refused_with_its_line(
    pattern: str, fault: RuleFault
) -> None:
    with pytest.raises(RuleError) as caught:
        check_pattern(f"fine\r\n\r\n{pattern}\n")
    assert caught.value.fault == fault
    assert caught.value.line == 3
    assert "ine 3" in str(caught.value)
    assert "%(" not in str(caught.value)


def test_what_a_refused_pattern_uses_is_named() -> None:
    with pytest.raises(RuleError, match=r"“\(\?=”.*Look-around"):
        check_pattern("a(?=b)")


@pytest.mark.parametrize(
    "selector",
    ["", "main", "#content .press-release > p", "td:nth-child(2)", "p:has(> a)", "[data-x='é']"],
)
def test_a_selector_of_the_engine_is_taken(selector: str) -> None:
    assert check_selector(f"\n {selector} \n") == ((selector,) if selector else ())


@pytest.mark.parametrize(
    ("selector", "fault"),
    [
        ("a:contains('b')", RuleFault.SELECTOR),
        ("p::before", RuleFault.SELECTOR),
        ("main >", RuleFault.SELECTOR),
        (",", RuleFault.SELECTOR),
        ("..a", RuleFault.SELECTOR),
        ("(" * 200, RuleFault.SELECTOR),
        ("p {color: red}", RuleFault.SELECTOR),
        ("div:has(div div p)", RuleFault.SELECTOR_TOO_COSTLY),
        ("div:has(div:has(p))", RuleFault.SELECTOR_TOO_COSTLY),
        ("div:HAS(p:nth-child(2))", RuleFault.SELECTOR_TOO_COSTLY),
        ("p\x00", RuleFault.CHARACTERS),
        ("p\u202e", RuleFault.CHARACTERS),
        ("p" * (SELECTOR_LENGTH + 1), RuleFault.TOO_LONG),
    ],
)
def test_any_other_selector_is_refused_with_its_line(selector: str, fault: RuleFault) -> None:
    with pytest.raises(RuleError) as caught:
        check_selector(f"main\n{selector}")
    assert caught.value.fault == fault
    assert caught.value.line == 2
    assert "ine 2" in str(caught.value)


def test_there_is_a_most_of_lines() -> None:
    for check, most in ((check_selector, SELECTORS), (check_pattern, PATTERNS)):
        lines = [f"x{number}" for number in range(most)]
        assert len(check("\n".join(lines))) == most
        with pytest.raises(RuleError, match=f"more than {most} lines"):
            check("\n".join([*lines, "one"]))


@given(st.text(max_size=50), st.sampled_from([check_selector, check_pattern]))
def test_whatever_is_typed_is_taken_or_refused_with_a_sentence(
    text: str, check: Callable[[str], tuple[str, ...]]
) -> None:
    refusal = None
    try:
        lines = check(text)
    except RuleError as error:
        refusal = error
    if refusal:
        assert str(refusal).endswith(".")
    else:
        assert check("\n".join(lines)) == lines


def test_rules_survive_the_way_through_json() -> None:
    rules = PageRules(include=("main",), exclude=(".ad", "aside"), ignored=(r"\d+ views",))
    assert PageRules.from_mapping(rules.as_mapping()) == rules
    assert PageRules.from_mapping({}) == PageRules()


@pytest.mark.parametrize(
    "mapping", [{"include": "main"}, {"exclude": [1]}, {"ignored": ["("]}, {"include": ["a:b"]}]
)
def test_what_is_no_set_of_rules_is_refused(mapping: dict[str, object]) -> None:
    with pytest.raises(RuleError):
        PageRules.from_mapping(mapping)


def test_what_a_pattern_matches_makes_no_difference() -> None:
    before = "Lot 12 is open. We sell.\n\nNow playing: Jazz\n\nLot 12"
    after = "Lot 13 is open. We sell.\n\nNow playing: Soul and Funk! Loud.\n\nLot 14"
    ignored = (r"Lot \d+", "^Now playing: .+$")
    assert not compare(before, after, ignored).is_meaningful
    assert compare(before, after, ignored[:1]).new == ("Now playing: Soul and Funk!", "Loud.")
    assert compare(before, after).is_meaningful


def test_what_stands_beside_a_match_still_counts_and_is_named_whole() -> None:
    difference = compare("Lot 12 is open.", "Lot 13 is closed.", (r"Lot \d+",))
    assert difference.new == ("Lot 13 is closed.",)
    assert difference.gone == ("Lot 12 is open.",)


def test_a_pattern_ends_with_its_paragraph() -> None:
    before, after = "Ad: chairs\n\nWe sell.", "Ad: umbrellas\n\nWe stop."
    assert compare(before, after, (r"(?s)Ad:.+",)).new == ("We stop.",)


def test_the_order_of_patterns_makes_no_difference() -> None:
    one, other = compile_patterns(("ab", "bc"))
    assert blanked("abcd", [one, other]) == blanked("abcd", [other, one]) == BLANK * 3 + "d"


@given(st.text(), st.sampled_from([r"\d+", "[a-f]", "é|日", r"(?i)\w\w"]))
def test_blanking_keeps_the_length_and_all_that_does_not_match(text: str, pattern: str) -> None:
    hidden = blanked(text, [compile_pattern(pattern)])
    assert len(hidden) == len(text)
    assert all(new in (old, BLANK) for old, new in zip(text, hidden, strict=True))


@given(st.text())
def test_patterns_never_make_a_difference(text: str) -> None:
    assert not compare(text, text, (r"\d+", "a")).is_meaningful

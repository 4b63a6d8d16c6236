"""From bytes to a JSON document."""

import codecs
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.causes import Cause
from sources.extraction import Unreadable
from sources.extraction.json_text import Number, load_json

TEXT = '{"name": "Größe ☃ 𝄞", "n": [1.50, true, null, "a\\u00e9\\n\\ud834\\udd1e"]}'


def cause_of(body: bytes, content_type: str = "") -> Cause:
    with pytest.raises(Unreadable) as caught:
        load_json(body, content_type)
    return caught.value.cause


@pytest.mark.parametrize(
    "body",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        b"\r\n\t " + TEXT.encode() + b"\n",
    ],
)
def test_every_unicode_encoding_is_read_whatever_is_announced(body: bytes) -> None:
    document = {"name": "Größe ☃ 𝄞", "n": ["1.5", True, None, "aé\n𝄞"]}
    assert load_json(body, "text/html; charset=iso-8859-1") == document


def test_a_declared_charset_counts_for_what_is_not_unicode() -> None:
    assert load_json('"Größe"'.encode("latin-1"), "application/json; charset=ISO-8859-1") == "Größe"


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain; charset=nonsense", "x; charset=base64"]
)
def test_what_is_in_no_known_encoding_is_of_the_wrong_type(content_type: str) -> None:
    assert cause_of('"Größe"'.encode("latin-1"), content_type) == Cause.WRONG_TYPE


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", Cause.EMPTY),
        (b" \n", Cause.EMPTY),
        (codecs.BOM_UTF8, Cause.EMPTY),
        (b"<!doctype html><title>Log in</title>", Cause.WRONG_TYPE),
        (b"\n <?xml version='1.0'?><a/>", Cause.WRONG_TYPE),
        (b"Service unavailable", Cause.WRONG_TYPE),
        (b"{'a': 1}", Cause.WRONG_TYPE),
        (b'{"a": 1} {"a": 2}', Cause.WRONG_TYPE),
        (b'{"a": 1,}', Cause.WRONG_TYPE),
        (b'{"a": NaN}', Cause.WRONG_TYPE),
        (b"[-Infinity]", Cause.WRONG_TYPE),
        (b"[01]", Cause.WRONG_TYPE),
        (b'["a\nb"]', Cause.WRONG_TYPE),
        (b"[" * 100_000 + b"]" * 100_000, Cause.TOO_LARGE),
        (b'{"a":' * 100_000, Cause.TOO_LARGE),
    ],
)
def test_what_is_no_json_has_a_cause(body: bytes, cause: Cause) -> None:
    assert cause_of(body) == cause


@pytest.mark.parametrize("length", range(1, len(TEXT)))
def test_what_breaks_off_anywhere_is_incomplete(length: int) -> None:
    assert cause_of(TEXT[:length].encode()) == Cause.INCOMPLETE


@pytest.mark.parametrize(
    "text", ["[tr", "[f", "[nul", "[-", "[1.", "[1e", "[1.5E+", '["\\', '["\\u12']
)
def test_what_breaks_off_within_a_word_is_incomplete(text: str) -> None:
    assert cause_of(text.encode()) == Cause.INCOMPLETE


def test_of_members_with_one_name_the_last_counts() -> None:
    assert load_json(b'{"a": 1, "b": 2, "a": 3}', "") == {"a": "3", "b": "2"}


@pytest.mark.parametrize(
    ("literal", "written"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        ("0e99", "0"),
        ("1.0", "1"),
        ("1.00", "1"),
        ("1e3", "1000"),
        ("1E+3", "1000"),
        ("1000.50", "1000.5"),
        ("-0.0015", "-0.0015"),
        ("15e-4", "0.0015"),
        ("12345678901234567890", "12345678901234567890"),
        ("0.1", "0.1"),
        ("1e40", "1e40"),
        ("1" + "0" * 40, "1e40"),
        ("1.25e400", "1.25e400"),
        ("125e-402", "1.25e-400"),
    ],
)
def test_a_number_is_written_in_one_way(literal: str, written: str) -> None:
    assert Number.of(literal) == written


@given(st.decimals(allow_nan=False, allow_infinity=False), st.integers(0, 5), st.booleans())
def test_equal_numbers_are_equal_texts_and_others_are_not(
    number: Decimal, zeros: int, is_shifted: bool
) -> None:
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    whole = "".join(map(str, digits))
    literal = f"{'-' * sign}{whole}{'0' * zeros}e{exponent - zeros}"
    plus = "+" * (is_shifted and exponent >= 0)
    other = f"{'-' * sign}{whole}.{'0' * (zeros + 1)}E{plus}{exponent}"
    assert Number.of(literal) == Number.of(other)
    assert Decimal(Number.of(literal)) == number
    assert Number.of(Number.of(literal)) == Number.of(literal)


def test_numbers_of_any_length_cost_what_a_text_costs() -> None:
    body = b"[" + b"9" * 1_000_000 + b", 1e999999999999, -1e-999999999999]"
    document = load_json(body, "")
    assert isinstance(document, list)
    assert document[1:] == ["1e999999999999", "-1e-999999999999"]


documents = st.recursive(
    st.none() | st.booleans() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(documents)
def test_whatever_is_written_as_json_is_read(document: object) -> None:
    assert load_json(json.dumps(document).encode(), "") == document

"""From bytes to characters."""

import pytest

from sources.extraction.encoding import decode


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("café".encode(), "text/html", "café"),
        ("café".encode("cp1252"), "text/html", "café"),
        ("café".encode("cp1252"), "text/html; charset=ISO-8859-1", "café"),
        ("“café”".encode("cp1252"), "text/html; charset=latin1", "“café”"),
        ("кофе".encode("koi8-r"), 'text/html; charset="koi8-r"', "кофе"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", "text/html; charset=latin1", "café"),
        (b"\xff\xfe" + "café".encode("utf-16-le"), "text/html", "café"),
        (b"\xfe\xff" + "café".encode("utf-16-be"), "text/html; charset=utf-8", "café"),
        ("カフェ".encode("shift_jis"), "text/html; charset=Shift_JIS", "カフェ"),
    ],
)
def test_the_mark_then_the_header_then_the_bytes_decide(
    body: bytes, content_type: str, expected: str
) -> None:
    assert decode(body, content_type) == expected


def test_a_page_can_name_its_own_encoding() -> None:
    body = '<html><meta charset="windows-1251"><p>кофе'.encode("cp1251")
    assert decode(body, "text/html").endswith("кофе")


@pytest.mark.parametrize(
    "name", ["nonsense", "base64", "idna", "unicode_escape", "utf-7", "hex", "\x00"]
)
def test_an_encoding_that_is_none_of_the_web_is_ignored(name: str) -> None:
    assert decode("café".encode(), f"text/html; charset={name}") == "café"

"""From bytes to XML: what is mended, what is refused, what is inert."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.causes import Cause
from sources.extraction import Entry, Unreadable, read_feed
from sources.extraction.feed_document import MAX_DEPTH, MAX_TAGS
from tests.sources.feeds import SAMPLES

BASE = "https://acme.example/feed"
ITEM = "<item><guid>1</guid><title>{}</title></item>"


def rss(title: str, *, head: str = '<?xml version="1.0"?>', tail: str = "") -> str:
    channel = f"<channel><title>Acme</title>{ITEM.format(title)}</channel>"
    return f'{head}<rss version="2.0">{channel}</rss>{tail}'


def read(body: bytes | str, content_type: str = "application/xml") -> list[Entry]:
    body = body if isinstance(body, bytes) else body.encode()
    return list(read_feed(body, content_type, BASE).entries)


def cause_of(body: bytes | str, content_type: str = "application/xml") -> Cause:
    with pytest.raises(Unreadable) as caught:
        read(body, content_type)
    return caught.value.cause


WORDS = "Café – „gut“ 5 €"
DECLARED = '<?xml version="1.0" encoding="{}"?>'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss(WORDS).encode(), "application/xml"),
        (rss(WORDS).encode("utf-8-sig"), "text/xml; charset=iso-8859-1"),
        (rss(WORDS).encode("utf-16"), "application/rss+xml"),
        (rss(WORDS, head=DECLARED.format("utf-16")).encode("utf-16-le"), "text/xml"),
        (rss(WORDS, head="").encode("utf-16-be"), "text/xml; charset=utf-8"),
        (rss(WORDS, head=DECLARED.format("windows-1252")).encode("cp1252"), "text/xml"),
        (rss(WORDS, head=DECLARED.format("iso-8859-1")).encode("cp1252"), ""),
        (rss(WORDS).encode("cp1252"), "text/xml; charset=windows-1252"),
        (rss(WORDS, head=DECLARED.format("windows-1252")).encode(), "text/xml"),
        (rss(WORDS, head=DECLARED.format("utf-16")).encode(), "text/xml"),
        (rss(WORDS, head=DECLARED.format("utf-8")).encode("cp1252"), "text/xml; charset=utf-8"),
        (rss(WORDS, head=DECLARED.format("no-such")).encode(), "text/xml; charset=nonsense"),
    ],
)
def test_an_encoding_is_told_by_the_bytes_rather_than_by_what_is_declared(
    body: bytes, content_type: str
) -> None:
    assert read(body, content_type)[0].title == WORDS


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("windows-1251", "Новости"),
        ("shift_jis", "ニュース"),
        ("iso-2022-jp", "ニュース"),
        ("gbk", "新闻"),
    ],
)
def test_other_encodings_are_read_as_declared_whatever_the_servers_default(
    encoding: str, words: str
) -> None:
    body = rss(words, head=DECLARED.format(encoding)).encode(encoding)
    assert read(body, "text/xml; charset=ISO-8859-1")[0].title == words
    assert read(rss(words).encode(encoding), f"text/xml; charset={encoding}")[0].title == words


def test_odd_bytes_in_utf_8_spoil_nothing_else() -> None:
    body = rss("Café #gut#").encode().replace(b"#gut#", b"\x93gut\x94")
    assert read(body)[0].title == "Café “gut”"


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("\n\n  " + rss("A"), "A"),
        ("<br />\n<b>Warning</b>: x in /y on line 3<br />" + rss("A"), "A"),
        (rss("A", tail="\n<!-- cached in 0.2 s -->"), "A"),
        (rss("A", tail="<script>track()</script> & more"), "A"),
        (rss("A&nbsp;&eacute; B&ouml; &rarr; C"), "A é Bö → C"),
        (rss("Q&A: R&D; AT&T"), "Q&A: R&D; AT&T"),
        (rss("A &amp; B &unknown; C"), "A & B &unknown; C"),
        (rss("A\x00\x08\x1b B &#8; &#x1F; &#xD800; &#x110000; C"), "A B C"),
        (rss("<![CDATA[A & B <i>C</i>]]> &copy;"), "A & B C ©"),
        (rss("A<br>B <p>C"), "A B C"),
        (rss("A <b>bold</b> move"), "A bold move"),
        (rss("A").replace("<guid>", "<foo:x>1</foo:x><guid>"), "A"),
        (rss("A").replace("<title>A<", "<dc:title>A<").replace("A</title>", "A</dc:title>"), "A"),
        (rss("A", head='<?xml version="1.1" standalone="yes"?><?xml-stylesheet href="x"?>'), "A"),
        (rss("A", head="<!-- one --><!-- <rss> -->"), "A"),
    ],
)
def test_what_many_get_wrong_is_mended(source: str, title: str) -> None:
    assert [entry.title for entry in read(source)] == [title]


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
def test_a_feed_that_was_cut_anywhere_is_refused(path: Path) -> None:
    body = path.read_bytes().rstrip()
    end = len(body) - 1
    for length in {end, *range(end - 40, end), *range(len(body) // 2, end, 97)}:
        assert cause_of(body[:length]) in (Cause.INCOMPLETE, Cause.NOT_A_FEED), length
    assert cause_of(body[: len(body) // 2]) == Cause.INCOMPLETE
    assert cause_of(body[:end]) == Cause.INCOMPLETE


def test_a_feed_that_was_cut_is_not_mended_into_a_whole_one() -> None:
    for mistake in ("&nbsp;", "<br>", "Q&A", "\x00", "<x:y/>"):
        source = rss(f"A {mistake}")
        assert cause_of(source[: source.index("</channel>")]) == Cause.INCOMPLETE
        assert read(source)


@pytest.mark.parametrize(
    "source",
    [
        rss("A").replace("</item>", ""),
        rss("A").replace("</item>", "</wrong>"),
        rss("A").replace("<item>", "<item <"),
        rss("A").replace("<item>", '<item a="1" a="2">'),
        rss("A").replace("<item>", '<!DOCTYPE rss [<!ENTITY a "b">]><item>'),
        '<html><body><rss version="2.0"></rss></body></html>',
        "<!DOCTYPE html><title>rss</title>",
        '<?xml version="1.0"?><!DOCTYPE rss [<rss></rss>',
        '<?xml version="1.0"?><feed><entry><title>Of something else</title></entry></feed>',
    ],
)
def test_what_cannot_be_understood_is_no_feed(source: str) -> None:
    assert cause_of(source) == Cause.NOT_A_FEED


def test_no_document_type_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    for declarations in (
        f'<!ENTITY a SYSTEM "{secret.as_uri()}">',
        f'<!ENTITY % p SYSTEM "{secret.as_uri()}"> %p; <!ENTITY a "%p;">',
        f'<!ENTITY l0 "lol">{laughs}<!ENTITY a "&l11;">',
        '<!ENTITY a "<!-- ]> -->"><!-- ]> \' -->',
        "<!ATTLIST rss version CDATA 'x'>",
    ):
        for head in (
            f"<!DOCTYPE rss [{declarations}]>",
            f"<!DOCTYPE rss SYSTEM 'x' [{declarations}] >",
        ):
            [entry] = read(rss("We pause &a;", head='<?xml version="1.0"?>' + head))
            assert entry.title == "We pause &a;"


def test_an_inclusion_includes_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    include = (
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" '
        f'href="{secret.as_uri()}"/>'
    )
    assert [entry.text for entry in read(rss(f"We pause {include}"))] == ["We pause"]


@pytest.mark.parametrize(
    "source",
    [
        rss("<b>" * (MAX_DEPTH + 1) + "</b>" * (MAX_DEPTH + 1)),
        rss("<b/>" * (MAX_TAGS + 1)),
    ],
    ids=["deep", "many"],
)
def test_too_many_tags_are_refused(source: str) -> None:
    assert cause_of(source) == Cause.TOO_LARGE


def test_of_very_many_entries_the_first_are_read() -> None:
    items = "".join(f"<item><guid>{n}</guid><title>{n}</title></item>" for n in range(20_000))
    entries = read(f'<rss version="2.0"><channel>{items}</channel></rss>')
    assert [entry.title for entry in entries] == [str(n) for n in range(2_000)]


@pytest.mark.parametrize(
    "hostile",
    [
        lambda n: "<?xml " + "<!--" * n,
        lambda n: "<!DOCTYPE a [" + "'" * n,
        lambda n: "<!DOCTYPE a " + "[ ]" * n,
        lambda n: rss("<title>" * n),
        lambda n: rss("<![CDATA[" * n + "&"),
        lambda n: rss("&" * n),
        lambda n: rss("<!--" * n + "&"),
        lambda n: rss("</title><title>" * n + "&"),
        lambda n: rss(" a:b" * n + "<" + " a:b" * n),
        lambda n: rss("\x93" * n),
    ],
)
def test_no_document_takes_longer_than_its_length_allows(hostile: Callable[[int], str]) -> None:
    body = hostile(100_000).encode("latin-1", "replace")
    started = process_time()
    with suppress(Unreadable):
        read(body)
    assert process_time() - started < 5


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for text in (body, b"<rss>" + body + b"</rss>", b"<rss><item><title>" + body + b"</title>"):
        with suppress(Unreadable):
            assert all(entry.text for entry in read(text))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80))
def test_a_text_survives_unescaped_in_any_encoding_that_can_write_it(text: str) -> None:
    title = f"Acme: {text}".replace("<", "").replace(">", "").replace("&", "")
    from_utf_8, from_utf_16 = (read(rss(title).encode(name)) for name in ("utf-8", "utf-16"))
    assert from_utf_8 == from_utf_16

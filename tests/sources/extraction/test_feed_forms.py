"""The many ways to say the same in RSS and Atom."""

from __future__ import annotations

import pytest

from sources.extraction import Entry, read_feed

BASE = "https://acme.example/press/feed.xml"
NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:x="urn:x"'
)


def rss(item: str, attributes: str = "") -> Entry:
    body = (
        f'<rss version="2.0" {NAMESPACES} {attributes}><channel><title>Acme</title>'
        f"<item>{item}</item></channel></rss>"
    )
    [entry] = read_feed(body.encode(), "", BASE).entries
    return entry


def atom(entry: str, attributes: str = "") -> Entry:
    body = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>Acme</title>'
        f"<entry>{entry}</entry></feed>"
    )
    [found] = read_feed(body.encode(), "", BASE).entries
    return found


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>/1</link><guid>https://acme.example/2</guid>", "https://acme.example/1"),
        ("<link> 1?a=1&amp;b=2\n</link>", "https://acme.example/press/1?a=1&b=2"),
        ("<guid>https://acme.example/2</guid>", "https://acme.example/2"),
        ('<guid isPermaLink="true">https://acme.example/2</guid>', "https://acme.example/2"),
        ('<guid isPermaLink="false">https://acme.example/2</guid>', ""),
        ('<guid ispermalink="False">https://acme.example/2</guid>', ""),
        ("<guid>4711</guid>", ""),
        ("<link/><guid>https://acme.example/2</guid>", "https://acme.example/2"),
        ('<link href="/3"/>', "https://acme.example/3"),
        ('<atom:link href="/4"/>', "https://acme.example/4"),
        ('<atom:link rel="self" href="/5"/>', ""),
        (
            (
                "<link>https://feeds.example/~r/1</link>"
                "<feedburner:origLink>https://acme.example/6</feedburner:origLink>"
            ),
            "https://acme.example/6",
        ),
        ("<x:link>https://other.example/</x:link><link>/7</link>", "https://acme.example/7"),
    ],
)
def test_the_address_of_an_rss_item_is_found(item: str, url: str) -> None:
    assert rss(f"<title>News</title>{item}").url == url


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ('<link href="/1"/>', "https://acme.example/1"),
        ('<link rel="enclosure" href="/a.mp3"/><link rel="alternate" href="/2"/>', "/2"),
        ('<link rel="self" href="/3"/><link rel="edit" href="/4"/>', ""),
        ('<link rel="self" href="/3"/><id>https://acme.example/5</id>', "/5"),
        ("<id>tag:acme.example,2024:5</id>", ""),
        (
            (
                '<link rel="alternate" type="application/json" href="/6.json"/>'
                '<link rel="alternate" type="text/html" href="/6"/>'
            ),
            "/6",
        ),
        ('<link rel="http://www.iana.org/assignments/relation/alternate" href="/7"/>', "/7"),
        ('<link xml:base="https://other.example/a/" href="8"/>', "https://other.example/a/8"),
    ],
)
def test_the_address_of_an_atom_entry_is_found(entry: str, url: str) -> None:
    expected = f"https://acme.example{url}" if url.startswith("/") else url
    assert atom(f"<title>News</title>{entry}").url == expected


def test_bases_are_relative_to_those_around_them() -> None:
    for read, link in ((atom, '<link href="1"/>'), (rss, "<link>1</link>")):
        entry = read(f"<title>News</title>{link}", 'xml:base="/2024/"')
        assert entry.url == "https://acme.example/2024/1"


FULL = "<content:encoded><![CDATA[<p>All of it.</p>]]></content:encoded>"


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<description>Short</description>" + FULL, "All of it."),
        (FULL + "<description>Longer than the content, but an excerpt</description>", "All of it."),
        ("<description>Short</description><content:encoded/>", "Short"),
        (
            "<description>Short</description><content:encoded>&lt;hr&gt;</content:encoded>",
            "Short",
        ),
        ("<description>A &lt;b&gt;bold&lt;/b&gt; move</description>", "A bold move"),
        ("<description>&amp;lt;p&amp;gt;Twice&amp;lt;/p&amp;gt;</description>", "Twice"),
        (
            "<description><![CDATA[&lt;p&gt;Twice &amp;amp; so&lt;/p&gt;]]></description>",
            "Twice & so",
        ),
        (
            "<description><p>In <i>XML</i><br/>itself</p> &amp; more</description>",
            "In XML itself\n\n& more",
        ),
        ("<description>5 &lt; 6 &amp;amp; 7 &amp;gt; 6</description>", "5 < 6 & 7 > 6"),
        ("<dc:description>Dublin</dc:description>", "Dublin"),
        (
            "<media:group><media:description>Video</media:description></media:group>",
            "Video",
        ),
    ],
)
def test_the_fullest_text_of_an_item_is_read(item: str, text: str) -> None:
    assert rss(item).text == text


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("<summary>A &lt; B &amp;amp; C</summary>", "A < B &amp; C"),
        ('<summary type="html">A &amp;lt; B &amp;amp; C</summary>', "A < B & C"),
        ("<summary>&lt;p&gt;Called plain&lt;/p&gt;</summary>", "Called plain"),
        ('<content type="image/png">AAAA</content><summary>Words</summary>', "Words"),
        ('<content src="https://a.example/"/><summary>Words</summary>', "Words"),
        ('<content type="text/html; charset=utf-8">&lt;p&gt;Typed&lt;/p&gt;</content>', "Typed"),
        (
            (
                '<content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:p>One &lt;b'
                "</x:p><x:p>Two</x:p></x:div></content>"
            ),
            "One <b\n\nTwo",
        ),
    ],
)
def test_the_text_of_an_atom_entry_is_read_as_its_type_says(entry: str, text: str) -> None:
    assert atom(entry).text == text


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<title>AT&amp;amp;T\n  pays</title>", "AT&T pays"),
        ("<title><![CDATA[AT&T pays]]></title>", "AT&T pays"),
        ("<title>&lt;b&gt;AT&amp;amp;T&lt;/b&gt; pays</title>", "AT&T pays"),
        ("<title/><dc:title>Dublin</dc:title>", ""),
        ("<dc:title>Dublin</dc:title>", "Dublin"),
        ("<media:title>Of the picture</media:title><title>News</title>", "News"),
        ("<x:title>Of something else</x:title>", ""),
    ],
)
def test_the_title_of_an_item_is_one_line(title: str, expected: str) -> None:
    assert rss(f"{title}<description>Text</description>").title == expected


@pytest.mark.parametrize(
    "namespace", ["http://backend.userland.com/rss2", "http://blogs.law.harvard.edu/tech/rss"]
)
def test_rss_in_a_namespace_is_rss(namespace: str) -> None:
    body = f'<rss xmlns="{namespace}"><channel><item><title>News</title></item></channel></rss>'
    assert read_feed(body.encode(), "", BASE).entries[0].title == "News"


def test_the_language_nearest_to_an_entry_counts() -> None:
    assert atom("<title>News</title>", 'xml:lang="fr-CA"').language == "fr-CA"
    assert rss("<title>News</title><dc:language>de_AT</dc:language>").language == "de-AT"


def test_the_day_of_publication_is_preferred_to_that_of_the_last_edit() -> None:
    dates = "<updated>2024-06-02T00:00:00Z</updated><published>2024-06-01T00:00:00Z</published>"
    assert str(atom(f"<title>News</title>{dates}").published_on) == "2024-06-01"


def test_an_id_that_is_the_same_but_for_the_white_space_is_the_same() -> None:
    one, other = (rss(f"<title>A</title><guid>{guid}</guid>") for guid in ("1", "\n 1 "))
    assert one.key == other.key

"""From a page to its title, text and dates."""

import datetime as dt

import pytest

from sources.causes import Cause
from sources.extraction import Page, Unreadable, read_page

ARTICLE = """<!doctype html>
<html lang="en-GB"><head><title>We pause sales - Acme</title>
<meta property="og:title" content="We pause sales">
<meta property="article:published_time" content="2020-06-10T22:15:00-07:00">
<meta property="article:modified_time" content="2020-06-12">
<style>p { color: red }</style><script>var text = "not text";</script></head>
<body class="has-sidebar no-comments">
<div id="cookie-banner"><p>We value your privacy. Accept all cookies?</p></div>
<header class="site-header"><a href="/">Acme</a><nav><ul><li>Products</li></ul></nav></header>
<div role="navigation">Home &gt; Blog</div>
<main class="content with-sidebar">
<article>
<header><h1>We pause sales</h1><p class="byline">By the Acme team</p></header>
<p>Acme is putting a <strong>one-year</strong>
   moratorium on sales to the police.</p>
<div class="ad-slot ads"><p>Buy garden chairs</p></div>
<div class="wp-block-group">Loose text<p>We&nbsp;will help Congress.<br>
Congress appears ready.</p>more</div>
<ul><li>Thorn keeps access</li><li>Marinus keeps access</li></ul>
<table><tr><th>Product</th><th>Until</th></tr>
<tr><td>Rekognition</td><td><p>June 2021</p></td></tr></table>
<div class="share-buttons sharing">Share on Twitter</div>
<h3>Related posts</h3>
<ul><li><a href="/1">Ten charts</a></li><li><a href="/2">Our values</a></li></ul>
<p>1,204 views</p>
</article>
<aside>Trending now</aside>
<section id="comments" class="comments-area"><p>First! They should stop selling.</p></section>
</main>
<div class="newsletter-signup">Subscribe</div>
<footer>Copyright 2020</footer>
<noscript>Enable JavaScript</noscript><template><p>Template</p></template>
</body></html>"""


ATTRIBUTES = " ".join(f"a{number}" for number in range(100_000))
"""They would take the parser half a minute."""


def read(html: str | bytes, content_type: str = "text/html; charset=utf-8") -> Page:
    return read_page(html.encode() if isinstance(html, str) else html, content_type)


def test_the_text_of_a_page_is_its_article_and_nothing_around_it() -> None:
    assert read(ARTICLE).text.split("\n\n") == [
        "We pause sales",
        "By the Acme team",
        "Acme is putting a one-year moratorium on sales to the police.",
        "Loose text",
        "We will help Congress.",
        "Congress appears ready.",
        "more",
        "Thorn keeps access",
        "Marinus keeps access",
        "Product | Until",
        "Rekognition | June 2021",
    ]


def test_a_page_tells_its_title_language_and_dates() -> None:
    page = read(ARTICLE)
    assert page.title == "We pause sales"
    assert page.language == "en-GB"
    assert page.published_on == dt.date(2020, 6, 10)
    assert page.modified_on == dt.date(2020, 6, 12)


def test_what_surrounds_the_text_can_change_without_a_trace() -> None:
    changed = (
        ARTICLE.replace("1,204 views", "9,999 views")
        .replace("Ten charts", "Eleven charts")
        .replace("Buy garden chairs", "Buy umbrellas")
        .replace("Accept all cookies?", "We use cookies.")
        .replace("First! They", "Second! I")
        .replace("Trending now", "Trending then")
        .replace("Copyright 2020", "Copyright 2021")
    )
    assert changed != ARTICLE
    assert read(changed).text == read(ARTICLE).text


def test_an_element_that_holds_the_page_is_kept_whatever_its_class() -> None:
    html = "<div class='menu social'><p>" + "We stop selling to the police. " * 9 + "</p></div>"
    assert read(html + "<p>Bye</p>").text.startswith("We stop selling")


def test_a_page_of_several_articles_keeps_them_all() -> None:
    html = "<main><article><p>One stops.</p></article><article><p>Two goes on.</p></article></main>"
    assert read(html).text == "One stops.\n\nTwo goes on."


def test_text_after_a_list_of_related_links_is_kept() -> None:
    html = (
        "<h1>Policy</h1><h2>Related posts</h2><ul><li><a href='/1'>Ten charts</a></li></ul>"
        "<h2>What we do</h2><p>We stop.</p>"
    )
    assert read(html).text == "Policy\n\nWhat we do\n\nWe stop."


def test_a_line_break_amid_a_sentence_does_not_end_it() -> None:
    assert read("<p>We stop<br>selling.<br><br>Bye").text == "We stop selling.\n\nBye"


def test_a_plain_text_page_is_its_paragraphs() -> None:
    page = read("Heading\r\n\r\nWe stop\r\nselling.\n\n\n <b>Really</b>\n", "text/plain")
    assert page.text == "Heading\n\nWe stop selling.\n\n<b>Really</b>"
    assert page.title == ""


@pytest.mark.parametrize(
    ("body", "expected"), [(b"<p>We stop.</p>", "We stop."), (b"We stop.", "We stop.")]
)
def test_without_a_content_type_the_body_decides(body: bytes, expected: str) -> None:
    assert read(body, "").text == expected


@pytest.mark.parametrize(
    "html",
    [
        "",
        "   ",
        "<html><body></body></html>",
        "<p>…</p>",
        "<frameset><frame></frameset><p>text",
        "<nav>Home</nav><script>x</script>",
        "<body><div id=app></div><noscript>Enable JavaScript</noscript>",
    ],
)
def test_a_page_without_text_is_empty(html: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(html)
    assert caught.value.cause == Cause.EMPTY


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 text", "application/pdf"),
        (b"%PDF-1.7 text", "text/html"),
        (b"\x89PNG\r\n", ""),
        (b'{"a": "text"}', "application/json"),
        (b"text", "image/png"),
    ],
)
def test_what_is_no_page_is_of_the_wrong_type(body: bytes, content_type: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(body, content_type)
    assert caught.value.cause == Cause.WRONG_TYPE


def test_invisible_characters_are_left_out() -> None:
    page = read(
        b"<title>A\x00\xe2\x80\xaeB</title><p>po\xc2\xadlice\x00 \xe2\x80\x8bdata\x07 e\xcc\x81</p>"
    )
    assert page.text == "police data é"
    assert "\u202e" not in page.title


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000 + "text",
        "<b>" * 5_000 + "text",
        "<div></x>" * 50_000 + "text",
        "<p>" + "word " * 250_000,
        f"<p>text</p><p {ATTRIBUTES}>text</p>",
        f"<p>text</p><p {ATTRIBUTES}",
        f"<p>text</p><p {ATTRIBUTES.replace(' ', '/')}>text</p>",
        f"<p>text</p><p {ATTRIBUTES.replace(' ', '=')}>text</p>".replace("=", '="x"'),
        f"<title><a b=</title><p {ATTRIBUTES}>text</p>",
        f"<svg><a b='</svg><p {ATTRIBUTES}>text</p>",
        "<p>text" + "<p" * 1_000_000,
        "<p>text" + "<p/b=" * 500_000,
        "<p>text" + '<br"' * 500_000,
    ],
    ids=range(13),
)
def test_a_page_past_the_limits_is_too_large_and_costs_no_time(html: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(html)
    assert caught.value.cause == Cause.TOO_LARGE


@pytest.mark.parametrize(
    "html",
    [
        "<p>text<",
        "<p>text</p></p></div></body></html><p>",
        "<table><td><table><td>text",
        "<p title='" + "x" * 100_000 + "'>text</p>",
        "<p>text &#x110000; &#0; &notanentity; &#xD800;",
        "<!DOCTYPE html [<!ENTITY a 'x'>]><p>text &a;",
        "<p class='" + "nav " * 50_000 + "main'>text</p><p>text",
        "<svg><p>text</svg><math><mi>x</math><p>text",
        "<html><body><main></main><p>text</p>",
        "<article></article><p>text",
        "<script>" + "write('<div><b>');" * 2_000 + "</script><p>text",
        "<script type='application/ld+json'>{\"datePublished\": [1]}</script><p>text",
        "<script type='application/ld+json'>" + "[" * 100_000 + "</script><p>text",
        "<meta name=date content='0000-99-99'><time datetime=''></time><p>text",
        "<meta property='og:title'><title></title><h1></h1><p>text",
        f"<!-- <p {ATTRIBUTES}> --><p>text",
        f"<script>if (a<b) {{ {ATTRIBUTES} }}</script><p>text",
        f"<p title='<p {ATTRIBUTES[:4_000]}'>text</p>",
        "<p " + ATTRIBUTES[:4_000] + ">text</p>",
        "<!--><p>text",
        "<!-- <script> --><p>text</p><!-- </script> -->",
        "<p>text</p><script>" * 50_000,
    ],
    ids=range(22),
)
def test_hostile_or_broken_html_still_gives_its_text(html: str) -> None:
    page = read(html)
    assert "text" in page.text
    assert page.published_on is None


def test_bytes_that_are_no_characters_are_replaced() -> None:
    assert read(b"<p>caf\xe9 text</p>").text == "caf\ufffd text"

"""What a page says of itself."""

import datetime as dt

import pytest
from selectolax.lexbor import LexborHTMLParser

from sources.extraction import metadata
from sources.extraction.dates import parse_day

DAY = dt.date(2020, 6, 10)


@pytest.mark.parametrize(
    "html",
    [
        '<meta name="date" content="2020-06-10">',
        '<meta name="DC.date.issued" content="20200610">',
        '<meta itemprop="datePublished" content="June 10, 2020">',
        '<meta property="article:published_time" content="Wed, 10 Jun 2020 23:59:00 -0700">',
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, '
            '{"@type": "NewsArticle", "datePublished": "2020-06-10T23:00:00-07:00"}]}</script>'
        ),
        '<article><time datetime="2020-06-10T10:00">today</time></article>',
        "<main><time datetime>10 June 2020</time></main>",
        '<span itemprop="datePublished">10 Jun 2020</span>',
    ],
)
def test_the_day_of_publication_is_read_as_the_page_writes_it(html: str) -> None:
    assert metadata.published_on(LexborHTMLParser(html)) == DAY


@pytest.mark.parametrize(
    "html",
    [
        '<script type="application/ld+json">{"comment": {"datePublished": "2020-06-10"}}</script>',
        '<script type="application/ld+json">{"review": {"datePublished": "2020-06-10"}}</script>',
        '<article><time datetime="2020-06-10"></time></article><article></article>',
        '<footer><time datetime="2020-06-10"></time></footer>',
    ],
)
def test_the_day_of_another_document_is_not_the_day_of_the_page(html: str) -> None:
    assert metadata.published_on(LexborHTMLParser(html)) is None


@pytest.mark.parametrize(
    "text",
    ["", "June 2020", "2020", "yesterday", "2020-13-01", "0001-01-01", "9999-12-31", "2020-06-100"],
)
def test_what_is_no_complete_and_plausible_date_is_none(text: str) -> None:
    assert parse_day(text) is None


def test_a_title_is_one_line_of_limited_length() -> None:
    tree = LexborHTMLParser("<title>We\n\n pause " + "x" * 500 + "</title>")
    title = metadata.title_of(tree)
    assert title.startswith("We pause x")
    assert len(title) == metadata.TITLE_LENGTH


def test_the_only_headline_is_a_better_title_than_that_of_the_window() -> None:
    assert metadata.title_of(LexborHTMLParser("<title>Acme</title><h1>We pause</h1>")) == "We pause"
    several = LexborHTMLParser("<title>Acme</title><h1>We pause</h1><h1>We stop</h1>")
    assert metadata.title_of(several) == "Acme"


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<meta property="og:site_name" content=" Acme  News ">', "Acme News"),
        ('<meta name="application-name" content="Acme">', "Acme"),
        ('<meta property="og:site_name" content="">', ""),
        ("<title>Acme</title>", ""),
    ],
)
def test_the_publisher_is_the_site_that_the_page_names(html: str, name: str) -> None:
    assert metadata.publisher_of(LexborHTMLParser(html)) == name

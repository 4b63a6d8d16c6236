"""Every fact of the founding story, read on its pages as a visitor would, with its source."""

from __future__ import annotations

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import StatusChange
from tests.story import sources
from tests.story.sources import CONTRACTS, EXEMPTIONS, POLICE, RING, URGING, Source
from tests.website.reading import read, text_of, texts_of


def on(client: Client, kind: str, slug: str) -> LexborHTMLParser:
    """The page of a thing."""
    return read(client, f"/{kind}/{slug}/")


def entry(page: LexborHTMLParser, kind: str, *words: str) -> LexborHTMLParser:
    """The one entry of a timeline that says all these words."""
    entries = [
        LexborHTMLParser(f"<main>{node.html}</main>") for node in page.css(f".timeline > li.{kind}")
    ]
    [found] = [item for item in entries if all(word in text_of(item) for word in words)]
    return found


def assert_cites(item: LexborHTMLParser, source: Source, quote: str) -> None:
    """The document's title is a link, its publisher beside it, and the words are quoted."""
    figures = [LexborHTMLParser(node.html or "") for node in item.css("figure.citation")]
    [figure] = [f for f in figures if source.title in texts_of(f, "figcaption a")]
    assert f"{source.title} , {source.publisher}" in text_of(figure, "figcaption")
    assert quote in text_of(figure, "blockquote")


def step(item: LexborHTMLParser) -> str:
    """When, and from where to where."""
    return f"{text_of(item, '.when')}: {text_of(item, '.step')}"


def change(item: LexborHTMLParser, client: Client) -> LexborHTMLParser:
    """The permanent page of the change that a timeline tells."""
    [link] = [a for a in item.css(".aside a") if (a.attributes["href"] or "").startswith("/change")]
    return read(client, link.attributes["href"] or "")


def card(page: LexborHTMLParser, name: str) -> str:
    """Where a target stands."""
    [found] = [text for text in texts_of(page, "article.card") if text.startswith(name)]
    return found


def test_the_coalition_letter_of_may_2018(client: Client) -> None:
    letter = entry(on(client, "campaigns", POLICE), "action", "Coalition letter to Amazon")
    text = text_of(letter)
    assert "22 May 2018" in text
    assert "American Civil Liberties Union (ACLU)" in text
    assert "Coalition of the 2018 letter on Rekognition" in text
    assert "To: Amazon (Rekognition)" in text
    assert "stop marketing face recognition to police" in text
    assert_cites(letter, sources.ARTICLE, "co-signed by a coalition of advocacy groups")
    assert_cites(letter, sources.LETTER, "More than three dozen civil rights organizations")


@pytest.mark.parametrize(("kind", "slug"), [("campaigns", POLICE), ("companies", "amazon")])
def test_amazons_refusal_with_its_three_reasons(client: Client, kind: str, slug: str) -> None:
    refusal = entry(on(client, kind, slug), "response", "Amazon refused")
    text = text_of(refusal)
    for reason in ("no reported abuse", "Acceptable Use Policy", "benefits that outweigh"):
        assert reason in text
    assert "1 June 2018" in text
    assert "Answers: Coalition letter to Amazon on Rekognition" in text
    assert_cites(refusal, sources.ARTICLE, "the benefits outweigh its risks")
    assert_cites(refusal, sources.REFUSAL, "no reported law enforcement abuse")


def test_amazons_refusal_is_a_status_change(client: Client) -> None:
    refused = entry(on(client, "campaigns", POLICE), "change", "✕ refused", "Acceptable Use")
    assert step(refused) == "1 June 2018: ○ called on → to ✕ refused"
    assert_cites(change(refused, client), sources.REFUSAL, "no reported law enforcement abuse")


def test_the_moratorium_of_10_june_2020(client: Client) -> None:
    paused = entry(on(client, "campaigns", POLICE), "change", "Amazon", "policy blog")
    assert step(paused) == "10 June 2020: ✕ refused → to ◐ paused"
    page = change(paused, client)
    for item, text in ((paused, text_of(paused)), (page, text_of(page))):
        assert "Outcome moratorium" in text
        assert "Expires 10 June 2021" in text
        assert "Condition To give Congress time to put rules in place" in text
        assert all(name in text for name in EXEMPTIONS)
        assert_cites(item, sources.ARTICLE, "one-year moratorium on direct sales")
        assert_cites(item, sources.POLICY_BLOG, "one-year moratorium on police use")


def test_the_extension_until_further_notice(client: Client) -> None:
    page = on(client, "campaigns", POLICE)
    extended = entry(page, "change", "it has no expiry any more")
    assert step(extended) == "18 May 2021: ◐ paused extended"
    assert "Expires no expiry stated" in text_of(extended)
    assert_cites(extended, sources.EXTENSION, "until further notice")
    standing = card(page, "Amazon (Rekognition)")
    assert "paused since 10 June 2020" in standing
    assert "until further notice" in standing
    assert "Expires no expiry stated" in standing
    assert "10 June 2021" not in standing


def test_ibm_left_the_business_and_wrote_to_congress(client: Client) -> None:
    page = on(client, "campaigns", POLICE)
    left = entry(page, "change", "IBM sunset its face recognition offering for all customers")
    assert step(left) == "8 June 2020: ● met"
    assert_cites(left, sources.ARTICLE, "sunset of its facial recognition offering")
    assert_cites(left, sources.IBM_LETTER, "IBM has sunset")
    assert "Scope All customers" in card(page, "IBM")
    statement = entry(on(client, "companies", "ibm"), "response", "letter to Congress")
    assert_cites(statement, sources.ARTICLE, "questioned the appropriateness of its use")


def test_google_is_named_by_the_aclu(client: Client) -> None:
    page = on(client, "campaigns", POLICE)
    named = entry(page, "change", "the ACLU named Google as already on the right side")
    assert step(named) == "13 December 2018: ◐ paused"
    assert_cites(named, sources.GOOGLE, "chosen not to offer")
    assert_cites(named, sources.ARTICLE, "join IBM, Google, and Amazon")
    assert "paused since 13 December 2018" in card(page, "Google")
    assert "paused since 13 December 2018" in text_of(on(client, "companies", "google"))


@pytest.mark.parametrize(
    ("kind", "slug"), [("campaigns", POLICE), ("organizations", "aclu-northern-california")]
)
def test_the_aclu_of_northern_california_urges_microsoft_to_join(
    client: Client, kind: str, slug: str
) -> None:
    statement = entry(on(client, kind, slug), "action", "urges Microsoft and others to join")
    assert "Nicole Ozer" in text_of(statement)
    assert text_of(statement, ".when") == "10 June 2020"
    assert_cites(statement, sources.ARTICLE, URGING)
    assert_cites(statement, sources.ACLU_STATEMENT, URGING)


@pytest.mark.parametrize(("kind", "slug"), [("campaigns", POLICE), ("organizations", "aclu")])
def test_the_aclus_commentary_on_microsoft(client: Client, kind: str, slug: str) -> None:
    commentary = entry(on(client, kind, slug), "action", "Matt Cagle")
    text = text_of(commentary)
    assert "suspend its face recognition offering" in text
    assert "support for the California bill as evidence" in text
    assert text_of(commentary, ".when") == "June 2020"
    assert_cites(commentary, sources.ARTICLE, "surveillance presence")


def test_the_bill_and_microsofts_position_on_it(client: Client) -> None:
    position = entry(on(client, "companies", "microsoft"), "response", "AB 2261")
    text = text_of(position)
    assert "Supports California AB 2261 (2019-2020)" in text
    assert "paused, 3 June 2020" in text
    assert_cites(position, sources.ARTICLE, "recently-paused California legislation")
    assert_cites(position, sources.BILL_STALLED, "suspense file")


def test_the_250_employees_are_a_number(client: Client) -> None:
    page = on(client, "campaigns", CONTRACTS)
    letter = entry(page, "action", "250 participants", "Microsoft employees (letter of June 2020)")
    assert text_of(letter, ".when") == "8 June 2020"
    assert_cites(letter, sources.ARTICLE, "a letter from 250 employees")
    assert_cites(letter, sources.EMPLOYEE_LETTER, "more than 250 employees")
    assert "called on since 8 June 2020" in card(page, "Microsoft")


@pytest.mark.parametrize(("kind", "slug"), [("campaigns", RING), ("organizations", "eff")])
def test_the_effs_call_on_ring_which_belongs_to_amazon(
    client: Client, kind: str, slug: str
) -> None:
    call = entry(on(client, kind, slug), "action", "EFF calls on Ring")
    assert_cites(call, sources.ARTICLE, "has called on Amazon subsidiary Ring")
    assert_cites(call, sources.EFF_CALL, "must dissolve its partnerships")
    assert "Belongs to Amazon" in text_of(on(client, "companies", "ring"))
    assert "End partnerships with law enforcement" in text_of(on(client, "companies", "amazon"))


@pytest.mark.parametrize(("kind", "slug"), [("campaigns", RING), ("companies", "ring")])
def test_rings_denial_changed_no_status(client: Client, kind: str, slug: str) -> None:
    page = on(client, kind, slug)
    denial = entry(page, "response", "adding face recognition")
    assert text_of(denial, ".when") == "April 2020"
    assert "enial" in text_of(denial, ".kind")
    assert_cites(denial, sources.ARTICLE, "denied reports")
    assert_cites(denial, sources.RING_DENIAL, "not available on Ring devices")
    days = [node.attributes["datetime"] for node in page.css("li.change .when time")]
    assert days == (["2026-02-12", "2025", "2024-01-24", "2020-06"] if kind == "campaigns" else [])


def test_microsofts_conditional_commitment(client: Client) -> None:
    page = on(client, "campaigns", POLICE)
    pledge = entry(page, "change", "will not sell face recognition to police")
    assert step(pledge) == "11 June 2020: ○ called on → to ◐ paused"
    assert_cites(pledge, sources.MICROSOFT_PLEDGE, "until we have a national law")
    standing = card(page, "Microsoft")
    assert "Condition Until a national law" in standing
    assert "Expires no expiry stated" in standing


@pytest.mark.parametrize(
    ("words", "told", "source", "quote"),
    [
        (
            "Request for Assistance",
            "24 January 2024: ○ called on → to ◐ partly met",
            sources.REQUESTS_END,
            "did not provide a reason",
        ),
        ("With Axon", "2025: ◐ partly met → to ↩ reversed", sources.REQUESTS_RETURN, "Axon"),
        (
            "With Axon",
            "2025: ◐ partly met → to ↩ reversed",
            sources.COMMUNITY_REQUESTS,
            "Axon Evidence account",
        ),
        (
            "Flock",
            "12 February 2026: ↩ reversed → to ◐ partly met",
            sources.FLOCK,
            "never launched",
        ),
    ],
)
def test_ring_gave_way_took_it_back_and_gave_way_again(
    client: Client, words: str, told: str, source: Source, quote: str
) -> None:
    page = on(client, "campaigns", RING)
    found = entry(page, "change", words)
    assert step(found) == told
    assert_cites(found, source, quote)
    assert_cites(change(found, client), source, quote)
    standing = card(page, "Ring")
    assert "partly met since 12 February 2026" in standing
    assert "Flock" in standing


def test_the_page_of_every_change_names_its_sources(client: Client) -> None:
    for row in StatusChange.objects.prefetch_related("citations__document"):
        page = read(client, row.get_absolute_url())
        assert row.citations.count() == len(page.css("figure.citation blockquote"))
        for citation in row.citations.all():
            document = citation.document
            assert_cites(page, Source(document.title, document.publisher), citation.quote)


def test_home_and_topic_lead_to_all_of_it(client: Client) -> None:
    home = text_of(read(client, "/"))
    assert "3 campaigns · 5 companies · 13 status changes" in home
    assert "12 February 2026 Ring ↩ reversed → to ◐ partly met" in home
    topic = text_of(on(client, "topics", "police-face-recognition"))
    for standing in ("Amazon (Rekognition) ◐ paused", "IBM ● met", "Google ◐ paused"):
        assert standing in topic
    assert "Ring ◐ partly met" in text_of(on(client, "topics", "police-access-to-home-cameras"))

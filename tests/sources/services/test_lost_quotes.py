"""Quotes that a page said and says no more."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from campaigns.models import Action, Citation, Document
from config.demo.site import Site
from sources.kinds import PollResult
from sources.models import LostQuote, Poll, Source
from sources.services import poll_sources, settle_quotes
from tests.factories import make_action, make_campaign
from tests.sources.factories import make_source
from tests.sources.pages import DAY_OF_ANNOUNCEMENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

NOW = DAY_OF_ANNOUNCEMENT
HOUR = dt.timedelta(hours=1)
QUOTE = "We do not sell face recognition to the police."


def page(*sentences: str) -> str:
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return f"""<!doctype html><html lang="en"><title>Our policy</title><main><h1>Our policy</h1>
<p>This page describes our policy, which was written in May and is kept up to date.</p>
{paragraphs}<p>Questions about this policy go to our press office in Seattle.</p></main></html>"""


def poll(source: Source, hours: int = 0) -> Poll:
    [result] = poll_sources(source_ids=[source.pk], now=NOW + hours * HOUR)
    return result


Cite = Callable[..., Citation]


@pytest.fixture
def source(site: Site) -> Source:
    """A page that says what is quoted, polled once."""
    source = make_source(site.set("/policy", page(QUOTE)))
    assert poll(source).result == PollResult.BASELINE
    return source


@pytest.fixture
def cite(source: Source) -> Cite:
    """Cite the page."""

    def cite(quote: str = QUOTE, *, is_public: bool = True, url: str = "") -> Citation:
        document, _ = Document.objects.get_or_create(
            url=url or source.url, defaults={"title": "Our policy"}
        )
        action: Action = make_action(make_campaign(is_public=is_public))
        return Citation.objects.create(document=document, quote=quote, action=action)

    return cite


def test_a_quote_that_is_gone_is_noted_once(site: Site, source: Source, cite: Cite) -> None:
    citation = cite()
    site.set("/policy", page("We sell to everybody."))
    gone = poll(source, 1)
    lost = LostQuote.objects.get()
    assert (lost.citation, lost.snapshot) == (citation, gone.snapshot)
    assert (lost.returned_at, lost.seen_at) == (None, None)
    site.set("/policy", page("We sell to everybody but you."))
    assert poll(source, 2).result == PollResult.CHANGED
    assert LostQuote.objects.get() == lost


def test_a_quote_that_comes_back_is_said_to_be_back(site: Site, source: Source, cite: Cite) -> None:
    cite()
    site.set("/policy", page())
    poll(source, 1)
    site.set("/policy", page(QUOTE))
    back = poll(source, 2)
    assert LostQuote.objects.get().returned_at == back.snapshot.taken_at
    site.set("/policy", page(QUOTE, "And more."))
    poll(source, 3)
    assert LostQuote.objects.get().returned_at == back.snapshot.taken_at


def test_a_quote_that_goes_again_is_noted_again(site: Site, source: Source, cite: Cite) -> None:
    cite()
    for hours, sentences in enumerate([(), (QUOTE,), ()], start=1):
        site.set("/policy", page(*sentences))
        poll(source, hours)
    later, earlier = LostQuote.objects.all()
    assert earlier.returned_at is not None
    assert later.returned_at is None


def test_a_quote_that_the_page_was_never_seen_to_say_is_not_lost(
    site: Site, source: Source, cite: Cite
) -> None:
    cite("Whoever wrote this quoted something else.")
    cite("")
    site.set("/policy", page("We sell to everybody."))
    assert poll(source, 1).result == PollResult.CHANGED
    assert not LostQuote.objects.exists()


def test_a_quote_of_another_page_is_not_looked_for(site: Site, source: Source, cite: Cite) -> None:
    cite(url="https://acme.example/policy")
    site.set("/policy", page("We sell to everybody."))
    poll(source, 1)
    assert not LostQuote.objects.exists()


@pytest.mark.parametrize(
    "quote",
    [
        "we do not sell face recognition to the police.",
        "We do not sell … to the police",
        "We  do not\nsell face recognition",
    ],
)
def test_quotes_are_found_whatever_their_typography(
    site: Site, source: Source, cite: Cite, quote: str
) -> None:
    cite(quote)
    site.set("/policy", page(QUOTE, "And nobody else either."))
    poll(source, 1)
    assert not LostQuote.objects.exists()
    site.set("/policy", page("And nobody else either."))
    poll(source, 2)
    assert LostQuote.objects.count() == 1


def test_citations_of_drafts_are_watched_like_public_ones(
    site: Site, source: Source, cite: Cite
) -> None:
    citations = {cite(), cite(is_public=False)}
    site.set("/policy", page("We sell to everybody."))
    poll(source, 1)
    assert {lost.citation for lost in LostQuote.objects.all()} == citations


@pytest.mark.parametrize("status", [404, 500])
def test_an_outage_loses_no_quote(site: Site, source: Source, cite: Cite, status: int) -> None:
    cite()
    site.set("/policy", "<h1>Sorry</h1>", status=status)
    poll(source, 1)
    assert not LostQuote.objects.exists()


def test_the_citation_may_name_the_address_that_answered(site: Site, cite: Cite) -> None:
    final = site.set("/new", page(QUOTE))
    site.set("/old", "", status=301, headers={"Location": "/new"})
    source = make_source(site.url("/old"))
    poll(source)
    cite(url=final)
    site.set("/new", page("We sell to everybody."))
    poll(source, 1)
    assert LostQuote.objects.count() == 1


def test_who_dealt_with_a_quote_first_stays_on_record(
    site: Site, source: Source, cite: Cite
) -> None:
    cite()
    site.set("/policy", page("We sell to everybody."))
    poll(source, 1)
    lost = LostQuote.objects.get()
    first, second = (User.objects.create_user(name) for name in ("first", "second"))
    assert settle_quotes(quote_ids=[lost.pk], editor=first, now=NOW) == 1
    assert settle_quotes(quote_ids=[lost.pk], editor=second, now=NOW + HOUR) == 0
    lost.refresh_from_db()
    assert (lost.seen_by, lost.seen_at) == (first, NOW)


def test_a_document_may_name_a_part_of_the_page(site: Site, source: Source, cite: Cite) -> None:
    lost = cite(url=f"{source.url}#police")
    cite(url=f"{source.url}-of-others")
    site.set("/policy", page("We sell it to everybody."))
    poll(source, 1)
    assert [one.citation for one in LostQuote.objects.all()] == [lost]

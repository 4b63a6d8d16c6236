"""What an article adds to the entry that announced it."""

import datetime as dt

from sources.articles import passage_of_article
from sources.decisions import Before, Passage
from sources.extraction import Page

MAY, JUNE, JULY = (dt.date(2020, month, 1) for month in (5, 6, 7))


def entry(before: str | None = None, published_on: dt.date | None = None) -> Passage:
    return Passage("https://a.example/1", "Of the entry", "Short.", 7, before, published_on, "de")


def test_what_the_article_says_of_itself_counts_before_what_its_feed_says() -> None:
    page = Page("Of the page", "In full.", published_on=MAY, language="en", publisher="Acme")
    found = passage_of_article(page, entry(published_on=JUNE), None)
    assert found == Passage("", "Of the page", "In full.", 0, None, MAY, "en", "Acme")


def test_what_the_article_does_not_say_its_feed_does() -> None:
    found = passage_of_article(Page("", "In full."), entry(published_on=JUNE), None)
    assert (found.title, found.published_on, found.language) == ("Of the entry", JUNE, "de")


def test_a_day_of_modification_is_taken_for_want_of_another() -> None:
    page = Page("", "In full.", modified_on=JULY)
    assert passage_of_article(page, entry(published_on=JUNE), None).published_on == JUNE
    assert passage_of_article(page, entry(), None).published_on == JULY


def test_an_article_that_was_read_before_is_measured_by_that() -> None:
    page = Page("", "In full. And more.", published_on=MAY, modified_on=JULY)
    before = Before("In full.", published_on=MAY, taken_on=JUNE)
    found = passage_of_article(page, entry(before="Before."), before)
    assert (found.before, found.published_on) == ("In full.", JULY)
    same_days = Page("", "In full. And more.", published_on=MAY)
    assert passage_of_article(same_days, entry(before="Before."), before).published_on is None


def test_an_article_that_was_never_read_is_measured_by_what_its_edited_entry_said() -> None:
    page = Page("", "In full.", published_on=MAY)
    found = passage_of_article(page, entry(before="Before."), None)
    assert (found.before, found.published_on) == ("Before.", MAY)

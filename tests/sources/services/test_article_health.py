"""When an article is tried again, and when it is given up."""

import datetime as dt

import pytest
from pytest_django import Settings

from outbound.client import NO_HEADERS
from sources.causes import Cause
from sources.decisions import failed
from sources.models import Article
from sources.services.article_health import note_failed_try
from tests.factories import NOW
from tests.sources.factories import make_article, make_source

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def article() -> Article:
    return make_article(make_source(kind="feed", reads_articles=True), entry_before="It said this.")


def fail(article: Article, *causes: Cause, jitter: float = 0.5) -> Article.State:
    for cause in causes:
        note_failed_try(
            article=article, why=failed(cause), headers=NO_HEADERS, at=NOW, jitter=jitter
        )
    return Article.State(article.state)


def test_waits_grow_and_are_spread(article: Article, settings: Settings) -> None:
    settings.ARTICLE_TRIES = 9
    waits = []
    for jitter in (0.5, 0, 1, 0.5):
        fail(article, Cause.TIMEOUT, jitter=jitter)
        waits.append(article.next_visit_at - NOW)
    assert waits == [5 * MINUTE, 9 * MINUTE, 22 * MINUTE, 40 * MINUTE]


@pytest.mark.parametrize(
    "causes",
    [
        [Cause.NOT_FOUND, Cause.NOT_FOUND],
        [Cause.ROBOTS, Cause.LOGIN_PAGE],
        [Cause.PARSE_LIMITS, Cause.PARSE_LIMITS],
        [Cause.TIMEOUT, Cause.NOT_FOUND, Cause.WRONG_TYPE],
        [Cause.TIMEOUT] * 6,
    ],
)
def test_an_article_is_given_up_after_so_many_tries_or_two_without_hope(
    article: Article, causes: list[Cause]
) -> None:
    assert fail(article, *causes[:-1]) == Article.State.WAITING
    assert article.entry_before == "It said this."
    assert fail(article, causes[-1]) == Article.State.GIVEN_UP
    assert article.settled_at == NOW
    assert article.lease is None
    assert not article.entry_before
    assert (article.tries_count, article.last_cause) == (len(causes), causes[-1])


def test_hope_returns_with_another_cause(article: Article) -> None:
    causes = [Cause.NOT_FOUND, Cause.TIMEOUT, Cause.NOT_FOUND, Cause.TIMEOUT, Cause.NOT_FOUND]
    assert fail(article, *causes) == Article.State.WAITING

"""Whatever a publisher does to a feed, what it published and edited is reported, each once."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.sources.feeds import DAY, Record, item

VERSIONS = (
    "It has paused sales to the police.",
    "It has resumed sales to the police.",
    "It has not said why.",
)


@dataclass
class Article:
    """An article as its publisher has it, and what may change without being news."""

    number: int
    version: int = 0
    reported: int | None = None
    id: str = ""
    host: str = "press.example"
    scheme: str = "http"
    day: dt.date = DAY
    views: int = 0
    renamed: str = ""
    """Which of its id and host changed since it was last read. Both, and it is another article,
    as it is when it has no id and moves to another host."""

    def as_item(self) -> dict[str, Any]:
        text = f"Company {self.number} was asked by workers to explain. {VERSIONS[self.version]}"
        return item(
            self.number,
            f"{self.views} views\n\n{text}\n\nUpdated {self.day:%d %B %Y}",
            id=self.id or None,
            url=f"{self.scheme}://{self.host}/{self.number}?utm_source={self.views}",
            date_published=self.day.isoformat(),
        )


class Publishing(RuleBasedStateMachine):
    """A publisher and a reader."""

    def __init__(self) -> None:
        super().__init__()
        self.record = Record()
        self.articles: list[Article] = []
        self.window: list[Article] = []

    @rule()
    def publish(self) -> None:
        number = len(self.articles)
        self.articles.append(Article(number, id=f"first {number}"))
        self.window.insert(0, self.articles[-1])

    @rule(number=st.integers(0, 30), version=st.integers(0, len(VERSIONS) - 1))
    def edit(self, number: int, version: int) -> None:
        if self.articles:
            self.articles[number % len(self.articles)].version = version

    @rule(days=st.integers(1, 400), views=st.integers(0, 10_000))
    def change_dates_and_counters(self, days: int, views: int) -> None:
        for article in self.articles:
            article.day, article.views = DAY + dt.timedelta(days=days), views

    @rule(seed=st.integers(0, 100))
    def reorder(self, seed: int) -> None:
        random.Random(seed).shuffle(self.window)

    @precondition(lambda self: len(self.window) > 1)
    @rule(length=st.integers(1, 5))
    def shrink(self, length: int) -> None:
        del self.window[length:]

    @precondition(lambda self: self.articles)
    @rule(number=st.integers(0, 30))
    def bring_back(self, number: int) -> None:
        article = self.articles[number % len(self.articles)]
        if article not in self.window:
            self.window.append(article)

    @precondition(lambda self: all(article.renamed != "host" for article in self.articles))
    @rule(name=st.sampled_from(["second", "third", ""]))
    def change_all_ids(self, name: str) -> None:
        for article in self.articles:
            article.id = name and f"{name} {article.number}"
            article.renamed = "id"

    @precondition(lambda self: all(found.id and found.renamed != "id" for found in self.articles))
    @rule(host=st.sampled_from(["acme.example", "news.acme.example"]))
    def move(self, host: str) -> None:
        for article in self.articles:
            article.host, article.renamed = host, "host"

    @rule(scheme=st.sampled_from(["http", "https"]))
    def change_scheme(self, scheme: str) -> None:
        for article in self.articles:
            article.scheme = scheme

    @precondition(lambda self: self.window)
    @rule()
    def read(self) -> None:
        matches = self.record.read(*(article.as_item() for article in self.window))
        new = {f"Release {found.number}" for found in self.window if found.reported is None}
        edited = {
            f"Release {found.number}"
            for found in self.window
            if found.reported not in (None, found.version)
        }
        assert sorted(found.entry.title for found in matches.new) == sorted(new)
        assert sorted(found.entry.title for found in matches.edited) == sorted(edited)
        for article in self.window:
            article.reported, article.renamed = article.version, ""


TestPublishing = Publishing.TestCase
TestPublishing.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)

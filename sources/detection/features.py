"""What a sentence is judged by: short runs of its words and tags, and facts, each in a space.

A space says where a run stands: in the sentence itself, in the one before or after it, or in the
headline. Weights are learnt for each run in each space.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from sources.detection.outline import TARGET, Outline

Feature = tuple[str, str]
"""A space and a run in it."""

VERDICT = "verdict "
_OPEN, _CLOSE = "^", "$"
_LONG = 4
_REACH = 9
"""How far behind one that governs another tag still counts."""
_GOVERNING = frozenset({
    TARGET, "<pointer>", "<we>", "<critic>", "<authority>", "<other>", "<watched>", "<demand>",
    "say", "not", "if", "hearsay", "after", "may", "would", "will", "should", "call",
})  # fmt: skip
_MANY = 3
_DEPTH = 4
_ROLES = frozenset({
    TARGET, "<pointer>", "<we>", "<it>", "<critic>", "<authority>", "<other>", "<watched>",
    "<product>",
})  # fmt: skip
_BEARING = frozenset({
    "will", "would", "may", "should", "not", "longer", "if", "until", "after", "now", "had",
    "hearsay", "partly", "wholly", "be", "has", "plan", "pledge", "decide", "off", "again",
})  # fmt: skip
"""Tags that say how an act stands in the world, not what it is."""


@dataclass(frozen=True)
class View:
    """A sentence, or the headline, as a target sees it, with what is told of it besides."""

    outline: Outline
    facts: Set[str] = field(default_factory=frozenset)
    known: Set[str] = field(default_factory=frozenset)
    """Stems that weights are learnt for; the others are left out. Empty: none is left out."""

    @cached_property
    def words(self) -> Sequence[str]:
        """The stems that count."""
        if not self.known:
            return self.outline.stems
        return [word for word in self.outline.stems if word in self.known]

    @cached_property
    def word_runs(self) -> Set[str]:
        """Words, and pairs of them that stand together."""
        row = [_OPEN, *self.words, _CLOSE]
        return {*self.words, *map(" ".join, itertools.pairwise(row))}

    @cached_property
    def short_runs(self) -> Set[str]:
        """Tags, and pairs of them that stand together."""
        row = [_OPEN, *self.outline.tags, _CLOSE]
        return {*self.outline.tags, *map(" ".join, itertools.pairwise(row))}

    @cached_property
    def long_runs(self) -> Set[str]:
        """Three and four tags together, two with a gap, and what stands behind one that governs."""
        tags = self.outline.tags
        row = [_OPEN, *tags, _CLOSE]
        runs = {" ".join(row[at : at + 3]) for at in range(len(row) - 2)}
        runs |= {" ".join(row[at : at + _LONG]) for at in range(len(row) - _LONG + 1)}
        runs |= {f"{left} * {right}" for left, right in zip(row, row[2:], strict=False)}
        runs |= {f"{left} ** {right}" for left, right in zip(row, row[3:], strict=False)}
        for at, tag in enumerate(tags):
            if tag in _GOVERNING:
                runs |= {f"{tag} .. {other}" for other in tags[at + 1 : at + _REACH]}
        return runs

    @cached_property
    def acts(self) -> Set[str]:
        """Who does what to whom, as far as the order of tags tells: "<target> will stop"."""
        return set(_acts(self.outline.tags))

    @cached_property
    def verdicts(self) -> Set[str]:
        """The statuses that the grammar reads in it."""
        return {fact.removeprefix(VERDICT) for fact in self.facts if fact.startswith(VERDICT)}

    @cached_property
    def telling_facts(self) -> Set[str]:
        """The facts that tell something of the sentences beside it, too."""
        return {fact for fact in self.facts if fact.startswith(("claim ", "signal "))}


def _acts(tags: Sequence[str]) -> Iterator[str]:
    subject = "nobody"
    bearings: list[str] = []
    for at, tag in enumerate(tags):
        if tag in _ROLES:
            subject, bearings = tag, []
        elif tag in _BEARING:
            bearings.append(tag)
        elif not tag.startswith("<"):
            how = " ".join([*bearings[-_DEPTH:], tag])
            things = (one for one in tags[at + 1 : at + _DEPTH] if one.startswith("<"))
            thing = next(things, "nothing")
            yield from (f"{subject} does {how}", f"{how} to {thing}", f"{subject} {how} {thing}")
            bearings = bearings if tag.startswith("(") else []


def features_at(views: Sequence[View], place: int, title: View | None) -> Iterator[Feature]:
    """Yield what a sentence of a text is judged by."""
    view = views[place]
    yield from (("acts", act) for act in view.acts)
    yield from (("words", run) for run in view.word_runs)
    yield from (("tags", run) for run in view.short_runs)
    yield from (("tags", run) for run in view.long_runs)
    yield from (("facts", fact) for fact in view.facts)
    yield from (("facts", fact) for fact in _place_facts(views, place))
    if place:
        yield from _beside(views[place - 1], "before")
    if place + 1 < len(views):
        yield from _beside(views[place + 1], "after")
    if title:
        yield from _beside(title, "title")
        yield from (("acts title", act) for act in title.acts)


def _beside(view: View, where: str) -> Iterator[Feature]:
    yield from ((f"tags {where}", run) for run in view.short_runs)
    facts = view.facts if where == "title" else view.telling_facts
    yield from ((f"facts {where}", fact) for fact in facts)


def _place_facts(views: Sequence[View], place: int) -> Iterator[str]:
    own = views[place].outline.demand_words
    near = sum(view.outline.demand_words for view in views[max(0, place - 1) : place + 2])
    yield f"words of the demand: {min(own, _MANY)}"
    yield f"words of the demand nearby: {min(near, _MANY + 1)}"
    if place == 0:
        yield "first"
    if place == len(views) - 1:
        yield "last"

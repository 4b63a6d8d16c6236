"""What a sentence is judged by: short runs of its words and tags, and facts, each in a space.

A space says where a run stands: in the sentence itself, in the one before or after it, or in the
headline. Weights are learnt for each run in each space.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from sources.detection.kinds import kinds
from sources.detection.outline import TARGET, Outline

Feature = tuple[str, Set[str]]
"""A space and some runs in it."""

VERDICT = "verdict "
TOLD_OF, POINTED_AT = "it is about the target", "it points at the target"
"""The facts of a sentence that tells of the target."""
_OPEN, _CLOSE = "^", "$"
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
    telling: Set[str]
    """The facts that tell something of the sentences beside it, too."""
    find_others: Callable[[], Set[str]]
    """Looks for the other facts: what is only read beside another sentence needs none."""
    known: Set[str] = field(default_factory=frozenset)
    """Stems that weights are learnt for; others are no runs of words. Empty: all are."""

    @cached_property
    def facts(self) -> Set[str]:
        """All that is told of it besides."""
        return self.telling | self.find_others()

    @cached_property
    def word_runs(self) -> Set[str]:
        """Words, and pairs of them that stand together."""
        known = self.known
        words = [word for word in self.outline.stems if word in known or not known]
        row = [_OPEN, *words, _CLOSE]
        return {*words, *map(" ".join, itertools.pairwise(row))}

    @cached_property
    def kind_runs(self) -> Set[str]:
        """Kinds of words, and pairs of kinds and roles that stand together; no other words."""
        told = kinds()
        row = [
            told.get(word, word) for word in self.outline.stems if word in told or word[0] == "<"
        ]
        pairs = map(" ".join, itertools.pairwise([_OPEN, *row, _CLOSE]))
        return {*row, *pairs}

    @cached_property
    def short_runs(self) -> Set[str]:
        """Tags, and pairs of them that stand together."""
        row = [_OPEN, *self.outline.tags, _CLOSE]
        return {*self.outline.tags, *map(" ".join, itertools.pairwise(row))}

    @cached_property
    def long_runs(self) -> Set[str]:
        """Three tags together, and what stands behind one that governs."""
        tags = self.outline.tags
        row = [_OPEN, *tags, _CLOSE]
        runs = set(map(" ".join, zip(row, row[1:], row[2:], strict=False)))
        for at, tag in enumerate(tags):
            if tag in _GOVERNING:
                runs.update([f"{tag} .. {other}" for other in tags[at + 1 : at + _REACH]])
        return runs

    @cached_property
    def acts(self) -> Set[str]:
        """Who does what to whom, as far as the order of tags tells: "<target> will stop"."""
        return set(_acts(self.outline.tags))

    @cached_property
    def verdicts(self) -> Set[str]:
        """The statuses that the grammar reads in it."""
        return {fact.removeprefix(VERDICT) for fact in self.facts if fact.startswith(VERDICT)}


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
            things = [one for one in tags[at + 1 : at + _DEPTH] if one.startswith("<")]
            thing = things[0] if things else "nothing"
            yield from (f"{subject} does {how}", f"{how} to {thing}", f"{subject} {how} {thing}")
            bearings = bearings if tag.startswith("(") else []


def features_at(
    views: Sequence[View], place: int, title: View | None, recorded: str | None
) -> Iterator[Feature]:
    """Yield what a sentence of a text is judged by; a space may come more than once.

    What stands in a few words is weighed once more against the status on record: the same words
    are news or not, as that is.
    """
    view = views[place]
    yield "acts", view.acts
    yield "words", view.word_runs
    yield "kinds", view.kind_runs
    yield "tags", view.short_runs
    yield "tags", view.long_runs
    yield "facts", view.facts
    yield "facts", set(_place_facts(views, place))
    yield f"tags against {recorded}", view.short_runs
    yield f"facts against {recorded}", view.facts
    if place:
        yield from _beside(views[place - 1], "before")
    if place + 1 < len(views):
        yield from _beside(views[place + 1], "after")
    if title:
        yield from features_of_title(title, recorded)


def features_of_title(title: View, recorded: str | None) -> Iterator[Feature]:
    """Yield what every sentence is judged by, too: the headline."""
    yield from _beside(title, "title")
    yield f"tags title against {recorded}", title.short_runs
    yield f"facts title against {recorded}", title.facts
    yield "acts title", title.acts
    yield "words title", title.word_runs


def _beside(view: View, where: str) -> Iterator[Feature]:
    yield f"tags {where}", view.short_runs
    yield f"facts {where}", view.facts if where == "title" else view.telling


def tells_of_target(view: View) -> bool:
    """Tell whether a sentence names the target, points at it, or goes on about it."""
    return TOLD_OF in view.facts or POINTED_AT in view.facts


def _place_facts(views: Sequence[View], place: int) -> Iterator[str]:
    own = views[place].outline.demand_words
    near = sum(view.outline.demand_words for view in views[max(0, place - 1) : place + 2])
    yield f"words of the demand: {min(own, _MANY)}"
    yield f"words of the demand nearby: {min(near, _MANY + 1)}"
    if place == 0:
        yield "first"
    if place == len(views) - 1:
        yield "last"

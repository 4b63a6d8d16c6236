"""A sentence as one target sees it: who is the target, who another, what touches the demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sources.detection.mentions import Mention
from sources.detection.relevance import Demand
from sources.detection.sketch import Item, Sketch

TARGET, POINTER, WE, DEMAND = "<target>", "<pointer>", "<we>", "<demand>"
_PLACE = "<place>"
"""A place that the demand does not name: what is done there alone may be a part of it."""
_ROLES = {
    "product": "<product>",
    "critic": "<critic>",
    "authority": "<authority>",
    "other": "<other>",
    "we": WE,
}
_MERGED = frozenset({"<other>", "<number>", DEMAND})
"""Several of these in a row count once."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The sentence's words by stem, and what they do, with roles in place of names.

    Attributes:
        stems: stems and roles in order; words of the demand are one role.
        tags: tags and roles in order, repeats left out.
        demand_words: how many of its words the demand has too.
    """

    stems: Sequence[str]
    tags: Sequence[str]
    demand_words: int

    @property
    def names_target(self) -> bool:
        """Whether the target is named in it."""
        return TARGET in self.tags

    @property
    def points_at_target(self) -> bool:
        """Whether "it", "the company" or "we" in it may stand for the target."""
        return POINTER in self.tags or WE in self.tags


def outline_of(sketch: Sketch, key: int, demand: Demand, *, is_in_focus: bool) -> Outline:
    """Return a sentence as a target sees it.

    Args:
        sketch: the sentence.
        key: of the target.
        demand: what is asked of the target.
        is_in_focus: whether "it" and "the company" stand for the target.
    """
    stems: list[str] = []
    tags: list[str] = []
    demand_words, asked = 0, demand.stems
    for item in sketch.items:
        if item.mention:
            touches = _touches(item, sketch, demand)
            is_place = not touches and sketch.is_place(item.mention)
            role = _PLACE if is_place else _role(item.mention, key, is_in_focus)
            demand_words += touches
            stems.append(role)
            tags.append(role)
        elif item.stem in asked:
            demand_words += 1
            stems.append(DEMAND)
            tags += item.tags or (DEMAND,)
        else:
            stems += (item.stem,) if item.stem else ()
            tags += item.tags
    return Outline(_merged(stems), _merged(tags), demand_words)


def _touches(item: Item, sketch: Sketch, demand: Demand) -> bool:
    """Tell whether a mention has a word of the demand: "its Rekognition", "coal insurers"."""
    mention = item.mention
    if mention is None or mention.kind not in ("other", "critic", "product"):
        return False
    words = sketch.sentence.tokens[mention.first : mention.last + 1]
    return any(demand.has_word(token.low) for token in words)


def _role(mention: Mention, key: int, is_in_focus: bool) -> str:
    if mention.kind == "company":
        return TARGET if key in mention.keys else "<watched>"
    if mention.kind in ("the company", "pronoun"):
        return POINTER if is_in_focus else "<it>"
    return _ROLES[mention.kind]


def _merged(row: list[str]) -> list[str]:
    return [
        entry
        for before, entry in zip(("", *row), row, strict=False)
        if entry != before or (entry.startswith("<") and entry not in _MERGED)
    ]

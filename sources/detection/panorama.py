"""A text as one target sees it, sentence by sentence, with its headline."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import overload

from sources.detection.claims import Claim
from sources.detection.dates import When
from sources.detection.far_off import far_off
from sources.detection.features import POINTED_AT, TOLD_OF, VERDICT, View
from sources.detection.lateness import Reading, read_when
from sources.detection.lexicon import Lexicon, lexicon
from sources.detection.model import Text, WatchedTarget
from sources.detection.names import NameIndex
from sources.detection.novelty import undated, undated_sentences
from sources.detection.outline import Outline, outline_of
from sources.detection.record import is_news
from sources.detection.relevance import Demand
from sources.detection.sentences import MAX_LENGTH, Sentence, split
from sources.detection.sketch import Sketch
from sources.detection.story import Story
from sources.detection.verdicts import Verdict, judge

_ENOUGH_NEARBY = 2


@dataclass
class Reader:
    """What is read once for a text, whatever the number of targets; only as far as needed."""

    text: Text
    targets: Sequence[WatchedTarget]
    may_be_late: bool = False
    """Whether the text gained its news on an unknown day."""
    before: str | None = None
    """The text as it was."""
    words: Lexicon = field(default_factory=lexicon)
    sketches: dict[int, Sketch] = field(default_factory=dict)
    readings: dict[int, Reading | None] = field(default_factory=dict)

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of the text."""
        return split(self.text.body)

    def earlier_wording(self, text: str) -> str | None:
        """Return the sentence of the text before that differed from one in its dates only."""
        return self._undated.get(undated(text)) if self._undated else None

    @cached_property
    def _undated(self) -> dict[str, str]:
        return undated_sentences(self.before or "", self.sentences)

    @cached_property
    def headline(self) -> Sentence | None:
        """The title, as a sentence."""
        title = self.text.title.strip()[:MAX_LENGTH]
        return Sentence(title.rstrip(".") + ".", 0, len(title), 0) if title else None

    @cached_property
    def published(self) -> When | None:
        """When the text was published, as far as that is known."""
        day = self.text.published_on
        return When(day, self.text.published_precision) if day else None

    @cached_property
    def story(self) -> Story:
        """Who is spoken of."""
        return Story(self.sentences, NameIndex(self.targets), self.words, self.headline)

    @cached_property
    def is_about_one(self) -> bool:
        """Whether a single company is watched, for which "the company" then stands."""
        return len(self.demands) == 1

    @cached_property
    def demands(self) -> Counter[str]:
        """How many targets each company is watched as."""
        return Counter(target.company for target in self.targets)

    @cached_property
    def title(self) -> Sketch | None:
        """The headline."""
        return Sketch(self.story, -1, self.headline, self.words) if self.headline else None

    def targets_spoken_of(self, places: Sequence[int]) -> list[WatchedTarget]:
        """Return the targets that some sentences, or the headline, name; if one is watched, it."""
        if self.is_about_one:
            return list(self.targets)
        mentions = [*self.story.title_mentions]
        for place in places:
            mentions += self.story.watched(place)
        names = {mention.name for mention in mentions if mention.name}
        keys = frozenset().union(*(name.companies | name.products for name in names))
        return [target for target in self.targets if target.key in keys]

    def sketch(self, place: int) -> Sketch:
        """Return a sentence, sketched when it is first needed."""
        if place not in self.sketches:
            sentence = self.sentences[place]
            self.sketches[place] = Sketch(self.story, place, sentence, self.words)
        return self.sketches[place]

    def reading(self, place: int) -> Reading | None:
        """Return the dates of a sentence; ``None`` if it tells background."""
        if place not in self.readings:
            context = self.sentences[place - 1].text if place else ""
            self.readings[place] = read_when(
                self.sentences[place].text,
                self.published,
                context,
                may_be_late=self.may_be_late,
            )
        return self.readings[place]


class _Views(Sequence[View]):
    """Views that are made when they are first asked for."""

    def __init__(self, make: Callable[[int], View], length: int) -> None:
        self._make = functools.cache(make)
        self._length = length

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> View: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[View]: ...
    def __getitem__(self, place: int | slice) -> View | Sequence[View]:
        """Return one, or those of a slice."""
        if isinstance(place, slice):
            return [self._make(one) for one in range(*place.indices(self._length))]
        if not 0 <= place < self._length:
            raise IndexError(place)
        return self._make(place)


@dataclass
class Panorama:
    """A text as one target sees it."""

    reader: Reader
    target: WatchedTarget
    known: Set[str] = field(default_factory=frozenset)
    """Stems that weights are learnt for."""
    outlines: dict[int, Outline] = field(default_factory=dict)

    @cached_property
    def demand(self) -> Demand:
        """What is asked of the target."""
        return Demand(self.target, self.reader.words)

    @cached_property
    def is_sole_demand(self) -> bool:
        """Whether nothing else is watched of the company, so that what it does may be this."""
        return self.reader.demands[self.target.company] == 1

    @cached_property
    def title(self) -> View | None:
        """The headline."""
        sketch = self.reader.title
        if sketch is None:
            return None
        outline = outline_of(sketch, self.target.key, self.demand, is_in_focus=True)
        claims = {f"claim {claim.meaning} {claim.mode.name}" for claim in self._claims(sketch)}
        return View(outline, sketch.signals | claims, lambda: sketch.acts, self.known)

    @cached_property
    def views(self) -> Sequence[View]:
        """The sentences, each looked at when it is first needed."""
        return _Views(self._view, len(self.reader.sentences))

    def is_named_in(self, place: int) -> bool:
        """Tell whether a sentence names the target."""
        mentions = self.reader.story.watched(place)
        return bool(mentions) and any(self.target.key in mention.keys for mention in mentions)

    def bears_on_target(self, place: int) -> bool:
        """Tell whether a sentence names the target or its product, or goes on about it.

        If a single company is watched, any may.
        """
        if self.reader.is_about_one or self.is_named_in(place):
            return True
        story = self.reader.story
        if any(one.name and self.target.key in one.name.products for one in story.watched(place)):
            return True
        return self._is_in_focus(place) and not any(
            one.kind in ("company", "other") for one in story.mentions(place)
        )

    def touches_demand(self, place: int) -> bool:
        """Tell whether a sentence, or its surroundings, shares words with the demand."""
        near = range(max(0, place - 1), min(place + 2, len(self.reader.sentences)))
        return (
            self.demand.is_unstated
            or self.outline(place).demand_words > 0
            or sum(self.outline(one).demand_words for one in near) >= _ENOUGH_NEARBY
        )

    def outline(self, place: int) -> Outline:
        """Return a sentence as the target sees it."""
        if place not in self.outlines:
            sketch = self.reader.sketch(place)
            in_focus = self.reader.is_about_one or self._is_in_focus(place)
            found = outline_of(sketch, self.target.key, self.demand, is_in_focus=in_focus)
            self.outlines[place] = found
        return self.outlines[place]

    def verdicts(self, place: int) -> Iterator[tuple[Claim, Verdict]]:
        """Yield what the claims of a sentence mean for the target, as the grammar reads them."""
        reading = self.reader.reading(place)
        if reading is None:
            return
        published = reading.told.day if reading.told else None
        for claim in self._claims(self.reader.sketch(place)):
            status = self.target.status
            verdict = judge(claim, reading.timing, self.demand, status, published)
            if verdict:
                yield claim, verdict

    def _claims(self, sketch: Sketch) -> Iterator[Claim]:
        return (claim for claim in sketch.claims if self.target.key in claim.actor.keys)

    def _view(self, place: int) -> View:
        sketch, outline = self.reader.sketch(place), self.outline(place)
        telling = {*sketch.signals, *self._claimed(sketch)}
        return View(outline, telling, lambda: self._others(place, sketch, outline), self.known)

    def _others(self, place: int, sketch: Sketch, outline: Outline) -> Set[str]:
        """Return the facts of a sentence that tell nothing of those beside it."""
        facts = {*sketch.acts, *self._facts(place, sketch), *self._judged(place)}
        if outline.names_target:
            facts.add("the target is named")
        if outline.names_target or self._is_in_focus(place):
            facts.add(TOLD_OF)
        if outline.points_at_target:
            facts.add(POINTED_AT)
        return facts

    def _is_in_focus(self, place: int) -> bool:
        story, key = self.reader.story, self.target.key
        if place == 0:
            return any(key in mention.keys for mention in story.title_mentions)
        # Nothing stands for a target before it is named: whom else, need not be known then.
        return place > self._first_named and key in story.spoken_of_before(place).keys

    @cached_property
    def _first_named(self) -> int:
        places = range(len(self.reader.sentences))
        return next((place for place in places if self.is_named_in(place)), len(places))

    def _facts(self, place: int, sketch: Sketch) -> Iterator[str]:
        yield "asked to stop" if self.demand.asks_to_stop else "asked to do"
        if not sketch.sentence.is_prose:
            yield "no prose"
        reading = self.reader.reading(place)
        if reading is None:
            yield "dated long ago"
            return
        timing, told = reading.timing, reading.told
        if timing.is_temporary:
            yield "for a time"
        if timing.expires:
            yield "has an end"
        if timing.deadline:
            yield "has a deadline"
        if told and timing.is_far(told.day):
            yield "a deadline far off"
        yield from far_off(sketch.sentence.text, told)

    def _claimed(self, sketch: Sketch) -> Iterator[str]:
        for claim in self._claims(sketch):
            yield f"claim {claim.meaning}"
            yield f"claim {claim.meaning} {claim.mode.name}"
            if claim.has_limit:
                yield "claim of a part"
            if claim.ends_a_measure:
                yield "claim that a measure ends"

    def _judged(self, place: int) -> Iterator[str]:
        for _, verdict in self.verdicts(place):
            yield f"{VERDICT}{'extension' if verdict.extends else verdict.status}"
            if verdict.extends or is_news(verdict.status, self.target.status):
                yield "the verdict is news"

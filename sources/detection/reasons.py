"""Why a sentence is taken to report a change, in words for people."""

from __future__ import annotations

from collections.abc import Iterator

from sources.detection.candidates import EXTENSION
from sources.detection.claims import Claim
from sources.detection.judgement import Judgement
from sources.detection.panorama import Panorama
from sources.detection.verdicts import Verdict
from sources.detection.weights import Weights

_SHOWN, _SHORT = 3, 2


def reasons_for(panorama: Panorama, judgement: Judgement, learnt: Weights) -> tuple[str, ...]:
    """Return who acts, what that means, what speaks for it, and how it differs from the record."""
    told = _told(panorama, judgement)
    reasons = [*_grammar(told, judgement), *_bearing(panorama, judgement, named=told is None)]
    if judgement.earlier:
        reasons.append(f"the page said before: '{judgement.earlier}'")
    elif words := list(_telling_words(panorama, judgement, learnt)):
        quoted = ", ".join(f"'{word}'" for word in words)
        reasons.append(f"reads like {_named(panorama, judgement)}: {quoted}")
    reasons.append(_against_record(panorama, judgement))
    reasons.append(f"scored {judgement.probability:.2f} of 1")
    reading = panorama.reader.reading(judgement.place)
    if reading and reading.lateness:
        reasons.append(reading.lateness)
    return tuple(reason for reason in reasons if reason)


def _told(panorama: Panorama, judgement: Judgement) -> tuple[Claim, Verdict] | None:
    """Return the claim of the sentence that means what was judged, if the grammar reads one."""
    for claim, verdict in panorama.verdicts(judgement.place):
        if (EXTENSION if verdict.extends else verdict.status) == judgement.status:
            return claim, verdict
    return None


def _grammar(told: tuple[Claim, Verdict] | None, judgement: Judgement) -> Iterator[str]:
    if told:
        who, whether = told[0].reasons
        yield from (who, f"'{told[0].phrase}' → {judgement.status}", whether)


def _bearing(panorama: Panorama, judgement: Judgement, *, named: bool) -> Iterator[str]:
    """Yield how the sentence bears on the target and on the demand."""
    view, company = panorama.views[judgement.place], panorama.target.company
    if named and view.outline.names_target:
        yield f"names {company}"
    elif named and view.outline.points_at_target:
        yield f"'it' or 'the company' stands for {company}"
    tokens = panorama.reader.sentences[judgement.place].tokens
    shared = dict.fromkeys(token.low for token in tokens if panorama.demand.has_word(token.low))
    if shared:
        yield f"shares with the demand: {', '.join(shared)}"
    elif panorama.demand.is_unstated:
        yield "no demand is given to test it against"


def _telling_words(panorama: Panorama, judgement: Judgement, learnt: Weights) -> Iterator[str]:
    """Yield the words of the sentence that speak most for this status being news."""
    at = learnt.statuses.index(judgement.status)
    sketch = panorama.reader.sketch(judgement.place)
    weighed: dict[str, float] = {}
    for item in sketch.items:
        for tag in item.tags:
            weight = learnt.of_tag(tag, at)
            weighed[item.text] = max(weight, weighed.get(item.text, 0.0))
    telling = (word for word, weight in weighed.items() if weight > 0 and len(word) > _SHORT)
    best = sorted(telling, key=lambda word: -weighed[word])[:_SHOWN]
    yield from best


def _named(panorama: Panorama, judgement: Judgement) -> str:
    if judgement.status == EXTENSION:
        return f"{panorama.target.status}, extended"
    return judgement.status


def _against_record(panorama: Panorama, judgement: Judgement) -> str:
    recorded = panorama.target.status
    if judgement.status == EXTENSION:
        return f"gives the recorded {recorded} a later end"
    return f"differs from the recorded {recorded}" if recorded else "nothing is on record"

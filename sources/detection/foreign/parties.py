"""Whether a target acts, or is acted upon, in a sentence of another language."""

from __future__ import annotations

from sources.detection.actors import Actor
from sources.detection.foreign.acts import Act
from sources.detection.foreign.roles import Role
from sources.detection.foreign.story import Line, Story
from sources.detection.foreign.topics import Topics
from sources.detection.foreign.vocabulary import Vocabulary
from sources.detection.model import WatchedTarget

_AUTHORITY = ("authority",)
_OTHERS = ("critic", "other", "authority")


def meaning_of(act: Act) -> str:
    """Return the meaning of an act; an authority that stops something forbids it."""
    is_order = act.meaning == "stop" and _is_authority(act.subject)
    return "forbid" if is_order else act.meaning


def actor_of(
    act: Act, story: Story, place: int, target: WatchedTarget, topics: Topics
) -> Actor | None:
    """Return a target as the one who acts or is acted upon; ``None`` if it is neither."""
    line, meaning, words = story.line(place), meaning_of(act), story.words
    how = ""
    if meaning in ("sue", "call", "forbid") or (meaning == "pause" and _is_authority(act.subject)):
        if _is_acted_upon(act, meaning, story, place, target, topics):
            how = f"{target.company} is whom it is addressed to"
    elif line.names(target.key) and meaning == "refuse" and _owners_act(act, line, words):
        how = f"the shareholders of {target.company} vote"
    elif line.names(target.key) and meaning == "resume" and _is_authority(act.subject):
        how = f"an authority acts on {target.company}"
    elif line.names(target.key) and meaning == "settle":
        how = f"{target.company} is named as a party"
    elif act.subject is None:
        if act.is_passive and line.names(target.key):
            how = f"passive; {target.company} is the company named"
    elif story.stands_for(act.subject, target.key, place):
        text = " ".join(
            token.text for token in line.tokens[act.subject.first : act.subject.last + 1]
        )
        how = f"subject is {text}"
        how += "" if act.subject.kind == "company" else f", which stands for {target.company}"
    return Actor("target", frozenset({target.key}), how, is_named=True) if how else None


def _is_authority(subject: Role | None) -> bool:
    return subject is not None and subject.kind == "authority"


def _is_acted_upon(
    act: Act, meaning: str, story: Story, place: int, target: WatchedTarget, topics: Topics
) -> bool:
    """Tell whether others ask, sue or bind the target."""
    line, words, subject = story.line(place), story.words, act.subject
    if meaning == "forbid" and subject is None:
        subject = _last_authority(act, line)
    if subject is None or story.stands_for(subject, target.key, place):
        return False
    if meaning in ("forbid", "pause"):
        if subject.kind not in _AUTHORITY or _may_be_its_own(target, line, words):
            return False
        if meaning == "forbid" and _may_be_undone(subject, line, words):
            return False
        known = story.title.names(target.key) or story.is_about_one
        return line.names(target.key) or (known and len(topics.shared(line.tokens)) > 1)
    after = [role for role in line.roles if role.first > act.first and role.kind == "pointer"]
    return subject.kind in _OTHERS and (
        line.names(target.key) or any(story.stands_for(one, target.key, place) for one in after)
    )


def _last_authority(act: Act, line: Line) -> Role | None:
    """Return the authority named last before an act: "the chamber of the court forbids"."""
    before = [role for role in line.roles if role.last < act.first]
    return before[-1] if before and before[-1].kind == "authority" else None


def _owners_act(act: Act, line: Line, words: Vocabulary) -> bool:
    """Tell whether those who own a company are named before an act."""
    owners = words.classes["owners"]
    return any(token.low in owners for token in line.tokens[: act.first])


def _may_be_undone(subject: Role, line: Line, words: Vocabulary) -> bool:
    """Tell whether a parliament acts, and nothing says that it was the last vote."""
    named = {token.low for token in line.tokens[subject.first : subject.last + 1]}
    return bool(named & words.classes["legislatures"]) and not words.has("final", line.tokens)


def _may_be_its_own(target: WatchedTarget, line: Line, words: Vocabulary) -> bool:
    """Tell whether an authority acts that is the target itself, and no law or court."""
    names = " ".join((target.company, *target.aliases)).lower().split()
    is_one = bool(set(names) & words.classes["authorities"])
    return is_one and not any(token.low in words.classes["laws"] for token in line.tokens)

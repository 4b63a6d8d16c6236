"""What detection is given and what it answers: plain values, no behaviour."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text to read: the main content of a page, an article, a press release.

    Attributes:
        body: the text; a line break ends a paragraph. Offsets of candidates count its characters.
        title: its headline, read for context only.
        published_on: the day it was published. Without it, relative dates stay unknown.
        language: BCP 47 tag of its language as declared, or empty: how it is written counts more.
        published_precision: ``day``, ``month`` or ``year``: how much of ``published_on`` is known.
        is_day_assumed: whether ``published_on`` is only the day on which the text was first seen.
    """

    body: str
    title: str = ""
    published_on: dt.date | None = None
    language: str = "en"
    published_precision: str = "day"
    is_day_assumed: bool = False


@dataclass(frozen=True, slots=True)
class WatchedTarget:
    """A company under a demand, with what is on record about it.

    Attributes:
        key: the caller's identifier; returned in :attr:`Candidate.target`.
        company: its name.
        aliases: other names it goes by in text.
        products: names of the products that the demand is about.
        demand: what is asked of it, in words.
        topics: words or names of subjects that the demand belongs to.
        status: where it stands (a public status value); ``None`` when nothing is on record.
        status_since: since when it stands there.
        expires_on: when the outcome in force lapses by itself; ``None`` when it does not.
    """

    key: int
    company: str
    aliases: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    demand: str = ""
    topics: tuple[str, ...] = ()
    status: str | None = None
    status_since: dt.date | None = None
    expires_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence which reports that a target's status differs from the record.

    Attributes:
        target: key of the watched target.
        status: the status that the text reports.
        extends: whether it gives the outcome on record a later end, the status staying.
        effective_on: since when, first day of its period; ``None`` when the text does not say
            and has no publication date.
        effective_precision: ``day``, ``month`` or ``year``.
        expires_on: when the outcome lapses by itself, or a pledge's deadline; first day of its
            period; ``None`` when open-ended.
        expires_precision: ``day``, ``month`` or ``year``.
        exemptions: who or what is named as exempt.
        condition: the event that the outcome depends on, in the text's words; empty when none.
        sentence: the evidence, equal to ``after.body[start:end]``.
        start: offset of its first character in the body.
        end: offset after its last character.
        score: confidence from 0 to 1.
        reasons: why, in sentences for people.
    """

    target: int
    status: str
    extends: bool
    effective_on: dt.date | None
    effective_precision: str
    expires_on: dt.date | None
    expires_precision: str
    exemptions: tuple[str, ...]
    condition: str
    sentence: str
    start: int
    end: int
    score: float
    reasons: tuple[str, ...]

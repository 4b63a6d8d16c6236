"""What is asked of the network about a text, and what it says; kept apart from NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a text: a target's demand and record, and the text as it sees it.

    Attributes:
        title: the stems of the headline; empty without one.
        sentences: those of each sentence.
        about: whether each tells of the target.
        demand: the stems of the demand.
        recorded: the status on record.
        asks_to_stop: whether the demand asks to stop something.
    """

    title: Sequence[str]
    sentences: Sequence[Sequence[str]]
    about: Sequence[bool]
    demand: Sequence[str]
    recorded: str | None
    asks_to_stop: bool


@dataclass(frozen=True, slots=True)
class Impression:
    """What the network says of a text.

    Attributes:
        news: the log odds that it reports a change.
        shares: of each status, if there is a change; in the order of its statuses.
    """

    news: float
    shares: Sequence[float]

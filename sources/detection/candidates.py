"""What a text reports as candidates: which status would be a change, and how likely any is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from sources.detection.impression import Impression
from sources.detection.record import can_extend, is_news

EXTENSION = "extension"
_SMALL = 1e-4
_UNTOLD, _NO_SECOND = -4.0, -3.0
"""Log odds of what no sentence can tell."""


@dataclass(frozen=True, slots=True)
class Report:
    """A sentence, how likely it reports a change, and of which status then.

    ``verdicts`` are the statuses that the grammar reads in it.
    """

    place: int
    news: float
    shares: Sequence[float]
    verdicts: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Account:
    """What a text says of one target: its sentences, the likeliest first, and all of them together.

    Attributes:
        reports: its sentences.
        whole: how much speaks for the text reporting any change, as log odds.
        impression: what the network says of it, its shares in the order of the statuses.
    """

    reports: Sequence[Report]
    whole: float
    impression: Impression


def candidates(
    account: Account, statuses: Sequence[str], status: str | None, asks_to_stop: bool
) -> Iterator[tuple[str, int, dict[str, float]]]:
    """Yield each status that would be a change, with its best sentence and what speaks for it.

    With nothing on record, all but a first demand is weighed as if the demand had been made.
    """
    reports, whole = account.reports, account.whole
    overall = _overall(reports)
    asked = "stop" if asks_to_stop else "do"
    for at, new in enumerate(statuses):
        recorded = status or ("none" if new == "called_on" else "called_on")
        if new == recorded or (new == EXTENSION and not can_extend(recorded)):
            continue
        on_record = statuses.index(recorded) if recorded in statuses else None
        best = max(reports, key=lambda report: report.news * report.shares[at])
        features = {
            **_of_record(reports, recorded, None if on_record is None else overall[on_record]),
            **_of_status(best, at, new, on_record),
            **_of_network(account.impression, at, new, on_record),
            "share overall": _log_odds(overall[at]),
            "the whole text": whole,
            f"the whole text {new}": whole,
            f"the whole text against {recorded}": whole,
            f"from {recorded} to {new}": 1.0,
            f"asked to {asked}: {new}": 1.0,
        }
        yield new, best.place, features


def _of_record(reports: Sequence[Report], recorded: str, told: float | None) -> Mapping[str, float]:
    """Return what the text says on the whole, and how much it tells what is on record."""
    odds = _UNTOLD if told is None else _log_odds(told)
    return {
        f"record {recorded}": 1.0,
        "news at most": _log_odds(reports[0].news),
        "news of the second": _log_odds(reports[1].news) if len(reports) > 1 else _NO_SECOND,
        "record told": odds,
        f"record told {recorded}": odds,
        f"sentences {len(reports)}": 1.0,
    }


def _of_status(best: Report, at: int, new: str, on_record: int | None) -> Mapping[str, float]:
    """Return what the sentence that best tells a status says for it and for others."""
    others = [one for place, one in enumerate(best.shares) if place not in (at, on_record)]
    features = {
        "news": _log_odds(best.news),
        f"news {new}": _log_odds(best.news),
        "share": _log_odds(best.shares[at]),
        f"share {new}": _log_odds(best.shares[at]),
        "share of another": _log_odds(max(others)),
        "record told there": _UNTOLD if on_record is None else _log_odds(best.shares[on_record]),
        f"status {new}": 1.0,
    }
    if best.verdicts:
        features["the grammar agrees" if new in best.verdicts else "the grammar differs"] = 1.0
    return features


def _of_network(
    impression: Impression, at: int, new: str, on_record: int | None
) -> Mapping[str, float]:
    """Return what the network says for a status and for others."""
    shares = impression.shares
    share = _log_odds(shares[at])
    others = max(one for place, one in enumerate(shares) if place not in (at, on_record))
    return {
        "network": impression.news,
        f"network {new}": impression.news,
        "network's share": share,
        f"network's share {new}": share,
        "network's share of another": _log_odds(others),
        "network told record": _UNTOLD if on_record is None else _log_odds(shares[on_record]),
    }


def can_be_news(verdicts: Iterable[str], status: str | None) -> bool:
    """Tell whether any of what the grammar reads would be news against a status on record."""
    return any(one == EXTENSION or is_news(one, status) for one in verdicts)


def features_of_change(
    account: Account, statuses: Sequence[str], status: str | None, chance: float
) -> dict[str, float]:
    """Return what tells how likely a text reports any change.

    ``chance`` is that of its likeliest candidate.
    """
    reports = account.reports
    told = _overall(reports)[statuses.index(status)] if status in statuses else None
    is_read = any(can_be_news(report.verdicts, status) for report in reports)
    return {
        "the whole text": account.whole,
        "network": account.impression.news,
        "news at most": _log_odds(reports[0].news),
        "news of the second": _log_odds(reports[1].news) if len(reports) > 1 else _NO_SECOND,
        "record told": _UNTOLD if told is None else _log_odds(told),
        "the likeliest candidate": _log_odds(chance),
        "the grammar reads news": float(is_read),
        "sentences": float(len(reports)),
    }


def _overall(reports: Sequence[Report]) -> list[float]:
    """Return the share of each status over all sentences, by how much each looks like news."""
    whole = sum(report.news for report in reports) + _SMALL
    columns = zip(*(report.shares for report in reports), strict=True)
    news = [report.news for report in reports]
    return [
        sum(share * one for share, one in zip(column, news, strict=True)) / whole
        for column in columns
    ]


def _log_odds(share: float) -> float:
    return math.log(share + _SMALL) - math.log(1 - share + _SMALL)

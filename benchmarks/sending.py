"""Sending: mails through one sender and through four, beside bare connections to the same sink.

Three limits: a bare connection that writes nothing down; one that commits one row after each
message and before the content of the next, as a sender has to, too; and one second. What is taken
is the best of some rounds, in which they take turns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from django.db import connection
from django.utils import timezone

from alerts.models import Delivery, State
from alerts.services import fan_out
from benchmarks.crews import Crew, Sink, running_sink
from benchmarks.followers import changed, followed_target
from benchmarks.timing import Memory, PerSecond, Row, Seconds
from campaigns.models import Target

FIRST_GOAL = 1.0
"""Seconds after the commit within which the first mail is out."""

_BARE_TABLE = """
CREATE TABLE bare_sending (id bigint PRIMARY KEY, is_sent boolean NOT NULL)
"""
_BARE_ROWS = "INSERT INTO bare_sending SELECT row_number() OVER (), false FROM alerts_subscriber"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is sent.

    Attributes:
        few: mails of one round of one sender.
        many: mails of one status change, sent by several.
        rounds: of which the best counts.
        senders: how many send at once.
    """

    few: int
    many: int
    rounds: int
    senders: int = 4


SIZES = {"postgresql": Sizes(5_000, 100_000, 4), "sqlite": Sizes(1_000, 5_000, 2)}


def measure() -> Iterator[Row]:
    """Send to few by one, and to many by four."""
    yield from measured(SIZES[connection.vendor])


def measured(sizes: Sizes) -> Iterator[Row]:
    """Measure with so many mails."""
    Delivery.objects.filter(state=State.WAITING).update(state=State.CANCELLED)
    few, many = followed_target("few", sizes.few), followed_target("many", sizes.many)
    with _bare_table(), running_sink() as sink:
        yield from _by_one(sink, few, sizes)
        yield from _by_several(sink, few, many, sizes)


@contextmanager
def _bare_table() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(_BARE_TABLE)
        cursor.execute(_BARE_ROWS)
        try:
            yield
        finally:
            cursor.execute("DROP TABLE bare_sending")


def _by_one(sink: Sink, target: Target, sizes: Sizes) -> Iterator[Row]:
    rates: defaultdict[str, list[float]] = defaultdict(list)
    with (
        Crew(sink, "bare", 1, sizes.few) as bare,
        Crew(sink, "committing", 1, sizes.few) as committing,
        Crew(sink, "ours", 1, sizes.few) as ours,
    ):
        for _round in range(sizes.rounds):
            rates["bare"].append(bare.rate(sizes.few))
            rates["committing"].append(committing.rate(sizes.few))
            _owe(target)
            rates["ours"].append(ours.rate(sizes.few))
    best = {kind: max(found) for kind, found in rates.items()}
    yield PerSecond("mails of one sender / a bare connection", best["ours"], best["bare"])
    yield PerSecond(
        "mails of one sender / one that commits a row each", best["ours"], best["committing"]
    )
    yield PerSecond("one that commits a row each / a bare one", best["committing"], best["bare"])
    yield PerSecond("noise: worst / best bare connection", min(rates["bare"]), best["bare"])


def _by_several(sink: Sink, few: Target, many: Target, sizes: Sizes) -> Iterator[Row]:
    bare, committing = (_best_rate(sink, kind, sizes) for kind in ("bare", "committing"))
    with Crew(sink, "ours", sizes.senders, sizes.many // sizes.senders) as crew:
        _owe(few)
        crew.rate(sizes.few)  # a worker has sent some before
        began = monotonic()
        _owe(many)
        committed = monotonic()
        rate = crew.rate(sizes.many)
    name = f"mails of {sizes.senders} senders"
    yield PerSecond(f"{name} / bare connections", rate, bare)
    yield PerSecond(f"{name} / those that commit a row each", rate, committing)
    first, last = crew.first - committed, crew.last - began
    yield Seconds("first mail after the commit of the fan-out / goal", first, FIRST_GOAL)
    what = f"change to last of {sizes.many:,} mails / bare connections"
    yield Seconds(what, last, sizes.many / bare)
    early, late = crew.memory
    yield Memory("memory of a sender, at the end / after a tenth", late, early)


def _best_rate(sink: Sink, kind: str, sizes: Sizes) -> float:
    each = sizes.few // sizes.senders
    with Crew(sink, kind, sizes.senders, each) as crew:
        return max(crew.rate(each * sizes.senders) for _round in range(sizes.rounds))


def _owe(target: Target) -> None:
    """Owe a new status change to all followers of a target."""
    fan_out(change_id=changed(target).pk, now=timezone.now())

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
        yield from _by_several(sink, many, sizes)


@contextmanager
def _bare_table() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(_BARE_TABLE)
        cursor.execute(_BARE_ROWS)
        yield
        cursor.execute("DROP TABLE bare_sending")


def _by_one(sink: Sink, target: Target, sizes: Sizes) -> Iterator[Row]:
    rates: defaultdict[str, list[float]] = defaultdict(list)
    for _round in range(sizes.rounds):
        for kind in ("bare", "committing"):
            rates[kind].append(Crew(sink, kind, 1, sizes.few).rate())
        _owe(target)
        rates["ours"].append(Crew(sink, "ours", 1, sizes.few).rate())
    best = {kind: max(found) for kind, found in rates.items()}
    yield PerSecond("mails of one sender / a bare connection", best["ours"], best["bare"])
    yield PerSecond(
        "mails of one sender / one that commits a row each", best["ours"], best["committing"]
    )
    yield PerSecond("one that commits a row each / a bare one", best["committing"], best["bare"])
    yield PerSecond("noise: worst / best bare connection", min(rates["bare"]), best["bare"])


def _by_several(sink: Sink, target: Target, sizes: Sizes) -> Iterator[Row]:
    each = sizes.few // sizes.senders
    limits = {
        kind: max(Crew(sink, kind, sizes.senders, each).rate() for _round in range(sizes.rounds))
        for kind in ("bare", "committing")
    }
    crew = Crew(sink, "ours", sizes.senders, sizes.many // sizes.senders)
    began = monotonic()
    _owe(target)
    committed = monotonic()
    rate = crew.rate()
    yield PerSecond(f"mails of {sizes.senders} senders / bare connections", rate, limits["bare"])
    yield PerSecond(
        f"mails of {sizes.senders} senders / those that commit a row each",
        rate,
        limits["committing"],
    )
    first, last = crew.first - committed, crew.last - began
    yield Seconds("first mail after the commit of the fan-out / goal", first, FIRST_GOAL)
    yield Seconds(
        f"change to last of {sizes.many:,} mails / bare connections",
        last,
        sizes.many / limits["bare"],
    )
    yield Memory("memory of a sender, last tenth / first", crew.memory[1], crew.memory[0])


def _owe(target: Target) -> None:
    """Owe a new status change to all followers of a target."""
    fan_out(change_id=changed(target).pk, now=timezone.now())

"""Drain the outbox once, without a worker."""

from __future__ import annotations

import datetime as dt
from argparse import RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from alerts import services
from alerts.models import Attempt, Delivery

_PUT_OFF = "put off"
_ENDINGS = {
    Attempt.Result.DELIVERED: "sent",
    Attempt.Result.TEMPORARY_FAILURE: _PUT_OFF,
    Attempt.Result.PERMANENT_FAILURE: "failed",
    Delivery.State.DELIVERED: "sent",
    Delivery.State.WAITING: _PUT_OFF,
    Delivery.State.FAILED: "failed",
    Delivery.State.CANCELLED: "cancelled",
}


class Command(BaseCommand):
    help = """Drain the outbox once: do here and now what the workers would do.

1. Fan out: write a delivery for each subscriber who is owed a status change.
2. Send the confirmation mails that are due.
3. Send the deliveries that are due.

Each mail is tried once; what cannot be sent now is put off as usual, and the workers or the next
run try it again. Safe beside running workers: no mail is sent twice.

Prints a line for each step. Exits with 1 if any mail was put off or failed."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def handle(self, *args: Any, **options: Any) -> None:
        changes_count, owed_count = self._fan_out()
        self.stdout.write(
            f"{changes_count} status changes fanned out: {owed_count} deliveries owed"
        )
        started_at = timezone.now()
        confirmations = self._drain(
            "confirmations",
            lambda: services.overdue_confirmations(now=started_at),
            lambda pk, now: services.send_confirmation(subscription_id=pk, now=now),
        )
        deliveries = self._drain(
            "deliveries",
            lambda: services.overdue_deliveries(now=started_at),
            lambda pk, now: services.deliver(delivery_id=pk, now=now),
        )
        unsent = sum((confirmations + deliveries)[ending] for ending in (_PUT_OFF, "failed"))
        if unsent:
            raise CommandError(f"{unsent} mails could not be sent; the admin says why.")

    def _fan_out(self) -> tuple[int, int]:
        changes_count = owed_count = 0
        for pk in _until_empty(services.overdue_fan_outs):
            owed_count += services.fan_out(change_id=pk, now=timezone.now())
            changes_count += 1
        return changes_count, owed_count

    def _drain(
        self,
        name: str,
        find: Callable[[], list[int]],
        send: Callable[[int, dt.datetime], Attempt.Result | Delivery.State | None],
    ) -> Counter[str]:
        endings: Counter[str] = Counter()
        for pk in _until_empty(find):
            ending = send(pk, timezone.now())
            if ending is None:
                continue  # a worker was quicker
            endings[_ENDINGS[ending]] += 1
            if endings.total() % 100 == 0:
                self.stdout.write(f"{name}: {endings.total()} tried")
        counts = ", ".join(f"{count} {ending}" for ending, count in sorted(endings.items()))
        self.stdout.write(f"{name}: {counts or 'none due'}")
        return endings


def _until_empty(find: Callable[[], list[int]]) -> Iterator[int]:
    """Yield each key once that ``find`` returns, until it returns no new one."""
    seen: set[int] = set()
    while found := [pk for pk in find() if pk not in seen]:
        seen.update(found)
        yield from found

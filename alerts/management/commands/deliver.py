"""Drain the outbox once, without a worker."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from alerts import services
from alerts.models import Attempt, State
from alerts.services.claiming import BATCH_SIZE

_PUT_OFF = "put off"
_ENDINGS: dict[str, str] = {
    Attempt.Result.TEMPORARY_FAILURE: _PUT_OFF,
    Attempt.Result.PERMANENT_FAILURE: "failed",
    State.DELIVERED: "sent",
    State.WAITING: _PUT_OFF,
    State.FAILED: "failed",
    State.CANCELLED: "cancelled",
}


class Command(BaseCommand):
    help = """Drain the outbox once: do here and now what the workers would do.

1. Fan out: write a delivery for everyone who is owed a status change.
2. Send the confirmation mails that are due.
3. Owe the warnings of outcomes that are about to lapse, and write the digests that are due.
4. Send the mails that are due, and post to the webhooks.

Each message is tried once; what cannot be sent now is put off as usual, and the workers or the next
run try it again. If the mail server takes none of a whole batch, no more are tried. Safe beside
running workers: nothing is sent twice.

Prints a line for each step. Exits with 1 if any message was put off or failed."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started_at = timezone.now()
        changes_count, owed_count = self._fan_out()
        self.stdout.write(
            f"{changes_count} status changes fanned out: {owed_count} deliveries owed"
        )
        endings = self._confirm()
        warnings_count = services.warn_of_expiries(now=started_at)
        digests_count = services.compose_digests(now=timezone.now())
        services.announce_findings(now=timezone.now())
        self.stdout.write(f"{warnings_count} warnings owed, {digests_count} digests written")
        if services.is_paused():
            self.stdout.write(
                "mails and webhooks: none sent, for all alerts are paused (see the admin)"
            )
        else:
            endings += self._send("mails", services.send_mail)
            endings += self._send("webhooks", services.send_webhooks)
        unsent = sum(endings[ending] for ending in (_PUT_OFF, "failed"))
        if unsent:
            raise CommandError(f"{unsent} messages could not be sent; the admin says why.")

    def _fan_out(self) -> tuple[int, int]:
        changes_count = owed_count = 0
        for pk in _until_empty(services.overdue_fan_outs):
            owed_count += services.fan_out(change_id=pk, now=timezone.now())
            changes_count += 1
        return changes_count, owed_count

    def _confirm(self) -> Counter[str]:
        started_at = timezone.now()
        endings: Counter[str] = Counter()
        for pk in _until_empty(lambda: services.overdue_confirmations(now=started_at)):
            ending = services.send_confirmation(subscription_id=pk, now=timezone.now())
            if ending is not None:  # else a worker was quicker
                endings[_ENDINGS[ending]] += 1
        self._tell("confirmations", endings)
        return endings

    def _send(self, name: str, send: Callable[..., Counter[State]]) -> Counter[str]:
        endings: Counter[str] = Counter()
        while sent := send(now=timezone.now()):
            endings.update({_ENDINGS[state]: count for state, count in sent.items()})
            self.stdout.write(f"{name}: {endings.total()} tried")
            if sent.total() >= BATCH_SIZE and set(sent) == {State.WAITING}:
                break  # the other side takes none now
        self._tell(name, endings)
        return endings

    def _tell(self, name: str, endings: Counter[str]) -> None:
        counts = ", ".join(f"{count} {ending}" for ending, count in sorted(endings.items()))
        self.stdout.write(f"{name}: {counts or 'none due'}")


def _until_empty(find: Callable[[], list[int]]) -> Iterator[int]:
    """Yield each key once that ``find`` returns, until it returns no new one."""
    seen: set[int] = set()
    while found := [pk for pk in find() if pk not in seen]:
        seen.update(found)
        yield from found

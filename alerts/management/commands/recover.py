"""Wake the workers for whatever is overdue."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alerts.errors import QueueUnreachable
from alerts.tasks import enqueue_overdue


class Command(BaseCommand):
    help = (
        "Put everything that is overdue back into the queue: status changes that were not fanned "
        "out, confirmation mails and deliveries that are due, digests that were not written when "
        "they should have been. For use after the broker lost its queue; the clock does the same "
        "every minute. Running it often changes nothing, for the "
        "workers look at the rows. Exits with 1 if the broker does not answer."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = enqueue_overdue()
        except QueueUnreachable as error:
            raise CommandError(str(error)) from error
        for name, count in counts.items():
            self.stdout.write(f"{name} put into the queue: {count}")

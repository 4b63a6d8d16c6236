"""manage.py rebuild_status"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from campaigns.services import rebuild_status


class Command(BaseCommand):
    """Derive every target's status from the log."""

    help = (
        "Derive every target's status, since-date, outcome and expiry from the status log, and "
        "mend rows that say otherwise. Changes nothing on a healthy database; alerts nobody."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        checked = mended = 0
        for repair in rebuild_status(now=timezone.now()):
            checked += 1
            if repair:
                mended += 1
                self.stdout.write(f"{repair.target}: was {repair.was}, is now {repair.is_now}")
            if checked % 1000 == 0:
                self.stderr.write(f"{checked} targets checked")
        self.stdout.write(f"{checked} targets checked, {mended} mended.")

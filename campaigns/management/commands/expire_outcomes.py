"""manage.py expire_outcomes"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from campaigns.services import expire_outcomes


class Command(BaseCommand):
    """Record what lapsed."""

    help = (
        "Record the status “expired” for every target whose outcome has reached its expiry day. "
        "The clock does this every few minutes; running it again records nothing twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        changes = expire_outcomes(now=timezone.now())
        for change in changes:
            self.stdout.write(str(change))
        self.stdout.write(f"{len(changes)} outcomes lapsed.")

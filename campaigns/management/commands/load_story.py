"""manage.py load_story"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from campaigns.models import Campaign
from campaigns.services import load_story


class Command(BaseCommand):
    """Load the founding story."""

    help = (
        "Load the founding story: the campaigns on face recognition that one article of June 2020 "
        "reports, with what followed, each fact with its source. Running it again creates only "
        "what is missing. Nobody is alerted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing if any campaign is on record",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and Campaign.objects.exists():
            return
        created = load_story(now=timezone.now())
        counts = ", ".join(f"{name}: {count}" for name, count in created.items())
        self.stdout.write(f"The founding story is on record: {counts or 'nothing was missing'}.")

"""``manage.py backtest_set``: the reviewed findings on which detection is to be scored."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sources.services import backtest_lines


class Command(BaseCommand):
    """Prints the backtest set as labelled JSON lines."""

    help = (
        "Print the findings that were added to the backtest set as labelled JSON lines, as "
        "“manage.py backtest” reads them: manage.py backtest_set > set.jsonl. Left out, and named "
        "on standard error, are those of drafts, those whose text was removed, those whose status "
        "change was retracted, and those of which it is not sure that nothing should be found."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each finding, then how many there were."""
        count = 0
        for one in backtest_lines():
            if one.line is None:
                values = {"id": one.finding_id, "why": one.why_not}
                self.stderr.write(_("Finding %(id)d is left out. %(why)s") % values)
                continue
            count += 1
            self.stdout.write(json.dumps(one.line, ensure_ascii=False))
        said = ngettext("%(count)d line written", "%(count)d lines written", count)
        self.stderr.write(said % {"count": count})

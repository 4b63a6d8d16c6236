"""Whether the settings of this app can be followed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from sources.opinions import LONGEST_WAIT


def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to wait for a second opinion for no time, or for so long that runs would pile up."""
    seconds = settings.SECOND_OPINION_SECONDS
    if 0 < seconds <= LONGEST_WAIT:
        return []
    message = (
        f"SECOND_OPINION_SECONDS is {seconds:g}, and is to be more than 0 and at most "
        f"{LONGEST_WAIT:g}: a slower model would hold up other jobs."
    )
    return [Error(message, id="sources.E001")]

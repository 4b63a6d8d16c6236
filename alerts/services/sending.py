"""One try at sending something, and how it ended."""

from __future__ import annotations

import datetime as dt
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass

from alerts.errors import ChannelFailure, PermanentFailure
from alerts.models import Attempt
from alerts.retries import pause_after

logger = logging.getLogger(__name__)

_LONGEST_DETAIL = 500


@dataclass(frozen=True, slots=True)
class Ending:
    """How a try ended, and what the other side said."""

    result: Attempt.Result
    detail: str = ""


def try_to_send(send: Callable[[], None], *, what: str) -> Ending:
    """Call ``send`` and return how it ended; nothing is raised.

    An error of our own counts as a temporary failure: it is logged with its traceback, and the
    row is tried again rather than forgotten, for it may be mended by then.

    Args:
        what: names the message in the log.
    """
    try:
        send()
    except ChannelFailure as failure:
        detail = str(failure)[:_LONGEST_DETAIL]
        logger.warning("%s did not go out: %s", what, detail)
        if isinstance(failure, PermanentFailure):
            return Ending(Attempt.Result.PERMANENT_FAILURE, detail)
        return Ending(Attempt.Result.TEMPORARY_FAILURE, detail)
    except Exception as error:
        logger.exception("%s could not be sent", what)
        return Ending(Attempt.Result.TEMPORARY_FAILURE, repr(error)[:_LONGEST_DETAIL])
    return Ending(Attempt.Result.DELIVERED)


def next_attempt_at(
    result: Attempt.Result, *, attempts_count: int, now: dt.datetime
) -> dt.datetime | None:
    """Return when to try again after a try that failed; ``None`` if that was the last one."""
    if result == Attempt.Result.PERMANENT_FAILURE:
        return None
    pause = pause_after(attempts_count, random.random())  # noqa: S311 - spreads load, hides nothing
    return now + pause if pause else None

"""What would come of a status change if it were recorded, and who was told of one that was.

How a status change is shown and told, the domain does not know: whoever does registers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.safestring import SafeString

from campaigns.models import StatusChange
from campaigns.services.recording import record_status_change

Foresee = Callable[[StatusChange, dt.datetime], SafeString]
Recall = Callable[[StatusChange], SafeString]

_foreseeing: list[Foresee] = []
_recalling: list[Recall] = []


def register_preview(foresee: Foresee) -> None:
    """Ask this function, for each preview, what it will say of a status change; again is no harm.

    It is called with the change, on record for as long as the call lasts, and with the moment. What
    it writes is not kept.
    """
    if foresee not in _foreseeing:
        _foreseeing.append(foresee)


def register_audience(recall: Recall) -> None:
    """Ask this function whom it told of a status change; again is no harm."""
    if recall not in _recalling:
        _recalling.append(recall)


def preview_status_change(*, claim: Mapping[str, Any], now: dt.datetime) -> list[SafeString]:
    """Return how a status change would be shown and told, as HTML, and record nothing.

    It is recorded by ``record_status_change`` and taken back before anybody else can see it: what
    cannot be recorded has no preview, and what is shown is made of the very row.

    Args:
        claim: what ``record_status_change`` is to be called with, but for the moment.
        now: the moment.

    Raises:
        InvalidStatusChange: it would be refused.
    """
    with transaction.atomic():
        change = record_status_change(**claim, now=now)
        shown = [foresee(change, now) for foresee in _foreseeing]
        transaction.set_rollback(True)
    return shown


def recall_audience(change: StatusChange) -> list[SafeString]:
    """Return who was told of a status change, as HTML; people are counted, never named."""
    return [recall(change) for recall in _recalling]

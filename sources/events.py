"""What sources announce. An announcement is a wake-up: whoever misses it finds the row."""

from __future__ import annotations

from django.db import transaction
from django.dispatch import Signal

finding_created = Signal()
"""Sent after commit with ``finding_id`` (int): a finding was written."""


def announce(finding_id: int) -> None:
    """Send :data:`finding_created` once this transaction is committed."""
    transaction.on_commit(
        lambda: finding_created.send_robust(None, finding_id=finding_id), robust=True
    )

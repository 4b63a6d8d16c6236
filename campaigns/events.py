"""What the domain announces. An announcement is a wake-up: whoever misses it finds the row."""

from django.dispatch import Signal

status_changed = Signal()
"""Sent after commit by ``record_status_change`` with ``change_id`` (int)."""

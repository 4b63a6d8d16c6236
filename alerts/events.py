"""What alerts announce. An announcement is a wake-up: whoever misses it finds the row."""

from django.dispatch import Signal

confirmation_requested = Signal()
"""Sent after commit by ``subscribe`` with ``subscription_id`` (int): a mail is waiting."""

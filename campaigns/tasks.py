"""What the clock does to campaigns."""

from celery import shared_task
from django.utils import timezone

from campaigns import services


@shared_task
def expire_outcomes() -> None:
    """Record what lapsed by today; harmless when repeated."""
    services.expire_outcomes(now=timezone.now())

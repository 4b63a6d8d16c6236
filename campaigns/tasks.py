"""What the clock does to campaigns."""

from celery import shared_task
from django.utils import timezone

from campaigns import services
from campaigns.versions import settle_data_version as settle


@shared_task
def expire_outcomes() -> None:
    """Record what lapsed by today; harmless when repeated."""
    services.expire_outcomes(now=timezone.now())


@shared_task
def settle_data_version() -> None:
    """Keep reading the data version cheap; harmless when repeated."""
    settle()

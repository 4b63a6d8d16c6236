"""The jobs of the API: one service call each."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from api.export import ExportRunning, export_data

logger = logging.getLogger(__name__)


@shared_task
def export_public_data() -> None:
    """Publish the data set of the night. A second one at the same time leaves it to the first."""
    try:
        export = export_data(folder=settings.DATA_DIR, now=timezone.now(), tell=_note)
    except ExportRunning as error:
        logger.info("%s", error)
        return
    for path in export.publication.left_behind:
        logger.warning("An older export could not be removed: %s", path)


def _note(name: str, count: int) -> None:
    logger.info("Exported %s: %d records", name, count)

"""The Celery application: how work is queued, and what the clock starts.

The rows are the truth and the broker is only a doorbell (see docs/architecture.md), so no result
is kept, no job is held back by a long countdown, and every beat job may run twice without harm.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("followthrough")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

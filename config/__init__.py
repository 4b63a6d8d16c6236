"""Where everything meets. Importing the Celery application here lets `celery -A config` find it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]

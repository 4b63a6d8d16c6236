"""What the clock starts, and how often; all times are UTC.

Every job may run twice without harm. How often sources are polled and alerts swept is a setting.
"""

from typing import Any

from celery.schedules import crontab

JOBS: dict[str, dict[str, Any]] = {
    "send mails of accounts": {
        "task": "accounts.tasks.send_mails",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "forget lapsed sessions": {
        "task": "accounts.tasks.forget_lapsed",
        "schedule": crontab(hour="4", minute="17"),
        "options": {"expires": 3600},
    },
    "send notices": {
        "task": "sources.tasks.send_notices",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "owe health mails": {
        "task": "sources.tasks.owe_health_mails",
        "schedule": 3600.0,  # one a week for each steward, whenever beat was up first
        "options": {"expires": 3600},
    },
    "archive snapshots": {
        "task": "sources.tasks.archive_snapshots",
        "schedule": 300.0,  # does nothing unless a setting says so
        "options": {"expires": 300},
    },
    "ask for second opinions": {
        "task": "sources.tasks.ask_second_opinions",
        "schedule": 60.0,  # does nothing unless a setting says so
        "options": {"expires": 10},  # what begins later would not be over by the next
    },
    "compose digests": {
        "task": "alerts.tasks.compose_digests",
        "schedule": 60.0,  # whatever the time zones of subscribers
        "options": {"expires": 60},
    },
    "warn of expiries": {
        "task": "alerts.tasks.warn_of_expiries",
        "schedule": 300.0,  # it is about days, but a lost message must not cost one
        "options": {"expires": 300},
    },
    "delete unconfirmed": {
        "task": "alerts.tasks.delete_unconfirmed",
        "schedule": 3600.0,  # seven days after it was asked for, and not much later
        "options": {"expires": 3600},
    },
    "prune polls": {
        "task": "sources.tasks.prune_polls",
        "schedule": crontab(hour="4", minute="7"),
        "options": {"expires": 3600},
    },
    "export the public data": {
        "task": "api.tasks.export_public_data",
        "schedule": crontab(hour="3", minute="17"),  # UTC, as all times here
        "options": {"expires": 3600},
    },
    "expire outcomes": {
        "task": "campaigns.tasks.expire_outcomes",
        "schedule": 300.0,  # it is about days, but a lost message must not cost one
        "options": {"expires": 300},
    },
    "settle the data version": {
        "task": "campaigns.tasks.settle_data_version",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}

"""Where each job waits: mail, webhooks and polling apart, so that a stuck one holds up no other."""

DEFAULT_QUEUE = "default"

ROUTES = {
    "accounts.tasks.*": {"queue": "mail"},
    # A model that takes its time is not to hold up visits.
    "sources.tasks.ask_second_opinions": {"queue": DEFAULT_QUEUE},
    "sources.tasks.*": {"queue": "polling"},
    "alerts.tasks.send_mail": {"queue": "mail"},
    "alerts.tasks.send_confirmation": {"queue": "mail"},
    "alerts.tasks.tell_owners": {"queue": "mail"},
    "alerts.tasks.send_webhooks": {"queue": "webhooks"},
    "alerts.tasks.*": {"queue": "alerts"},
}
"""Name or pattern of a task to its queue; the first that fits counts."""

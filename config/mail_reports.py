"""What mail providers report of our mails, handed to alerts: addresses, and the translation.

Each provider in ``ANYMAIL_PROVIDERS`` posts to ``/anymail/<provider>/tracking/``. django-anymail
checks the signature, or the secret in the URL of those who do not sign, and reads what is said.
"""

from __future__ import annotations

import warnings
from typing import Any

from anymail.exceptions import AnymailConfigurationError, AnymailInsecureWebhookWarning
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.mandrill import MandrillCombinedWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.dispatch import receiver
from django.urls import URLPattern, path
from django.utils import timezone

from alerts import services

_VIEWS = {
    "brevo": BrevoTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
    "mailjet": MailjetTrackingWebhookView,
    "mandrill": MandrillCombinedWebhookView,
    "postmark": PostmarkTrackingWebhookView,
}

_SOFT = {
    "Brevo": ("event", "soft_bounce"),
    "Mailjet": ("hard_bounce", False),
    "Mandrill": ("event", "soft_bounce"),
    "Postmark": ("Type", "SoftBounce"),
}
"""By provider, how it marks a bounce that is not for good, which anymail calls a bounce as well."""

_NO_SUCH_ADDRESS = {None, RejectReason.BOUNCED, RejectReason.INVALID}


@receiver(tracking)
def note_report(event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Tell alerts what a provider reported; what concerns neither mails nor addresses is left."""
    metadata = event.metadata or {}
    mail = {
        "address": event.recipient or "",
        "message_id": str(metadata.get("message") or event.message_id or ""),
    }
    detail = str(event.mta_response or event.description or event.reject_reason or "")
    now = timezone.now()
    if event.event_type == EventType.DELIVERED:
        services.note_arrival(**mail)
    elif event.event_type == EventType.COMPLAINED or _has_complained(event):
        services.note_complaint(**mail, now=now)
    elif event.event_type == EventType.DEFERRED:
        services.note_bounce(**mail, is_permanent=False, detail=detail, now=now)
    elif event.event_type in (EventType.BOUNCED, EventType.REJECTED):
        is_permanent = _is_permanent(event, esp_name)
        services.note_bounce(**mail, is_permanent=is_permanent, detail=detail, now=now)


def _has_complained(event: AnymailTrackingEvent) -> bool:
    """Whether the provider sent nothing because of a complaint that it knows of."""
    return bool(event.event_type == EventType.REJECTED and event.reject_reason == RejectReason.SPAM)


def _is_permanent(event: AnymailTrackingEvent, esp_name: str) -> bool:
    """Whether there is no such address; what was refused for its contents may go another day."""
    key, value = _SOFT.get(esp_name, ("", None))
    is_soft = key in event.esp_event and event.esp_event[key] == value
    return event.reject_reason in _NO_SUCH_ADDRESS and not is_soft


def _address(provider: str) -> URLPattern:
    """Return where a provider posts its reports.

    Raises:
        ImproperlyConfigured: it is unknown, or nothing would tell its reports from anybody's.
    """
    if provider not in _VIEWS:
        raise ImproperlyConfigured(f"ANYMAIL_PROVIDERS: {provider} is none of {', '.join(_VIEWS)}")
    view: Any = _VIEWS[provider]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", AnymailInsecureWebhookWarning)
            checker = view()
    except (AnymailConfigurationError, AnymailInsecureWebhookWarning) as error:
        raise ImproperlyConfigured(f"ANYMAIL has no secret for {provider}: {error}") from error
    if getattr(checker, "webhook_key", "") is None:
        raise ImproperlyConfigured(f"ANYMAIL has no secret for {provider}: MANDRILL_WEBHOOK_KEY")
    address: URLPattern = path(f"{provider}/tracking/", view.as_view())
    return address


urlpatterns = [_address(provider) for provider in settings.ANYMAIL_PROVIDERS]

"""Mails to the owners of endpoints."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from alerts.links import absolute, domain
from alerts.messages import automatic_headers, message_id, one_line
from alerts.models import Endpoint, State


def disabled_mail(endpoint: Endpoint) -> EmailMessage:
    """Return what tells an owner that an endpoint was disabled, and why.

    Its Message-ID is the same whenever it is tried.

    Raises:
        ValueError: the endpoint is not disabled.
    """
    if endpoint.disabled_at is None:
        raise ValueError(f"{endpoint!r} is not disabled")
    kind = f"endpoint-disabled-{endpoint.disabled_at.timestamp():.0f}"
    with override(settings.LANGUAGE_CODE):
        context = {
            "endpoint": endpoint,
            "waiting_count": endpoint.deliveries.filter(state=State.WAITING).count(),
            "admin_link": absolute(reverse("admin:alerts_endpoint_change", args=[endpoint.pk])),
        }
        return EmailMessage(
            subject=one_line(_("Webhook disabled: %(name)s") % {"name": endpoint.name}),
            body=render_to_string("alerts/mail/endpoint_disabled.txt", context),
            to=[endpoint.owner.email],
            headers={
                "Message-ID": message_id(kind, endpoint.pk, domain()),
                **automatic_headers(domain()),
            },
        )

"""Webhooks: what is posted to an endpoint, in the format that it understands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from alerts import signatures
from alerts.channels import chats
from alerts.channels.payloads import payload
from alerts.channels.posts import Post
from alerts.models import Endpoint, Event

_SENDERS = {
    Endpoint.Format.SLACK: chats.slack,
    Endpoint.Format.MATTERMOST: chats.mattermost,
    Endpoint.Format.DISCORD: chats.discord,
}


def event_post(
    event: Event, endpoint: Endpoint, secrets: Sequence[str], *, now: dt.datetime
) -> Post:
    """Return what tells an endpoint of an event, which is loaded with its parts.

    Its ``webhook-id`` is the same whenever it is tried.

    Args:
        event: what to tell.
        endpoint: whom.
        secrets: what to sign with; chats take no signature.
        now: when it is sent.
    """
    message_id = f"evt_{event.pk}_{endpoint.pk}"
    if endpoint.format == Endpoint.Format.STANDARD:
        return _standard(endpoint, message_id, payload(event), secrets, now)
    with override(settings.LANGUAGE_CODE):
        return _chat(endpoint, chats.note_of(event))


def trial_post(endpoint: Endpoint, secrets: Sequence[str], *, now: dt.datetime) -> Post:
    """Return a message that tells of nothing, by which its owner sees whether it arrives."""
    if endpoint.format == Endpoint.Format.STANDARD:
        message_id = f"test_{endpoint.pk}_{now.timestamp():.0f}"
        body = {"type": "test", "timestamp": now, "data": {"endpoint": endpoint.name}}
        return _standard(endpoint, message_id, body, secrets, now)
    with override(settings.LANGUAGE_CODE):
        title = _("This is a test: alerts for “%(name)s” arrive here.") % {"name": endpoint.name}
        return _chat(endpoint, chats.Note(title, (), settings.BASE_URL))


def _standard(
    endpoint: Endpoint,
    message_id: str,
    content: dict[str, Any],
    secrets: Sequence[str],
    now: dt.datetime,
) -> Post:
    body = orjson.dumps(content, option=orjson.OPT_UTC_Z)
    headers = signatures.signed_headers(
        secrets, message_id=message_id, timestamp=int(now.timestamp()), body=body
    )
    return Post(key=endpoint.pk, url=endpoint.url, body=body, headers=headers)


def _chat(endpoint: Endpoint, note: chats.Note) -> Post:
    body = orjson.dumps(_SENDERS[Endpoint.Format(endpoint.format)](note))
    return Post(key=endpoint.pk, url=endpoint.url, body=body, headers={})

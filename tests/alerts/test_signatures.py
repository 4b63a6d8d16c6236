"""Signatures of messages to endpoints, checked by the reference library of Standard Webhooks."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from standardwebhooks import Webhook, WebhookVerificationError

from alerts.models import Secret
from alerts.services import rotate_secret, send_webhooks, signing_secrets
from alerts.signatures import derived_secret, signed_headers
from tests.alerts.hooks import HookSink, make_changes, make_endpoint, make_endpoint_with_secret


def headers_of(body: bytes, *secrets: str, moment: dt.datetime | None = None) -> dict[str, str]:
    timestamp = int((moment or dt.datetime.now(dt.UTC)).timestamp())
    return signed_headers(secrets, message_id="evt_1_2", timestamp=timestamp, body=body)


@given(text=st.text(), key=st.text(min_size=1), salt=st.text())
def test_what_is_signed_is_taken_by_the_reference_library(text: str, key: str, salt: str) -> None:
    secret = derived_secret(key, salt)
    assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"))) <= 64
    try:
        body = text.encode()
    except UnicodeEncodeError:
        body = b"{}"
    Webhook(secret).verify(body, headers_of(body, secret), json_parse=False)


def test_each_of_several_secrets_signs() -> None:
    old, new = derived_secret("key", "old"), derived_secret("key", "new")
    headers = headers_of(b"{}", new, old)
    assert [Webhook(secret).verify(b"{}", headers) for secret in (old, new)] == [{}, {}]
    with pytest.raises(WebhookVerificationError):
        Webhook(derived_secret("key", "other")).verify(b"{}", headers)


@pytest.mark.parametrize("body", [b'{"a": 1}', b'{"a":2}'])
def test_another_body_is_refused(body: bytes) -> None:
    secret = derived_secret("key", "salt")
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, headers_of(b'{"a":1}', secret))


def test_secrets_differ_by_salt_and_by_key() -> None:
    made = {derived_secret(key, salt) for key in ("k", "l") for salt in ("s", "t")}
    assert len(made) == 4


@pytest.mark.django_db
def test_a_copy_of_the_database_tells_no_secret(settings: Settings) -> None:
    endpoint, secret = make_endpoint_with_secret()
    assert signing_secrets(endpoint, timezone.now()) == [secret]
    assert Secret.objects.get().salt not in secret
    settings.SECRET_KEY = "another"
    assert signing_secrets(endpoint, timezone.now()) != [secret]


@pytest.mark.django_db(transaction=True)
def test_what_arrives_is_signed_with_every_secret_that_is_valid(hook_sink: HookSink) -> None:
    endpoint, old = make_endpoint_with_secret(hook_sink.url("/a"))
    new = rotate_secret(endpoint=endpoint, now=timezone.now())
    make_changes(1)
    send_webhooks(now=timezone.now())
    [received] = hook_sink.received()
    assert received.headers["content-type"] == "application/json"
    for secret in (old, new):
        told = Webhook(secret).verify(received.body, dict(received.headers))
        assert told["type"] == "status_change.recorded"


@pytest.mark.django_db(transaction=True)
def test_chats_get_no_signature(hook_sink: HookSink) -> None:
    make_endpoint(hook_sink.url("/a"), format="slack")
    make_changes(1)
    send_webhooks(now=timezone.now())
    [received] = hook_sink.received()
    assert not [name for name in received.headers if name.startswith("webhook-")]

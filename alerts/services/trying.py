"""Trying an endpoint while its owner waits."""

from __future__ import annotations

import datetime as dt

from alerts.channels.posts import Answer, post_once
from alerts.channels.webhook import trial_post
from alerts.models import Endpoint
from alerts.services.registering import signing_secrets


def try_endpoint(*, endpoint: Endpoint, now: dt.datetime) -> Answer:
    """Post a test to an endpoint, enabled or not, and return what it answered.

    Nothing is written. To be called with no transaction open: it may take some seconds.
    """
    return post_once(trial_post(endpoint, signing_secrets(endpoint, now), now=now))

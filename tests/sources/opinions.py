"""A language model for tests: what it answers, and what it can be asked about."""

from __future__ import annotations

import json
from typing import Any

from campaigns.models import Target
from sources.models import Finding
from tests.sources.factories import make_finding, make_snapshot
from tests.sources.sites import WatchedSite

PATH = "/v1/chat/completions"
KEY = "sk-zebra"
AGREES = {"agrees": True, "status": "paused", "why": "It puts a moratorium on it."}


def says(model: WatchedSite, message: Any) -> None:
    """Let the model say this, as text or as JSON, to whatever it is asked."""
    content = message if isinstance(message, str) else json.dumps(message)
    answers(model, json.dumps({"choices": [{"message": {"content": content}}]}))


def answers(model: WatchedSite, body: str | bytes, status: int = 200) -> None:
    """Let its server answer this."""
    model.set(PATH, body, status, {"Content-Type": "application/json"})


def read(target: Target, **fields: Any) -> Finding:
    """A finding of which is known what was read: all of its snapshot."""
    snapshot = fields.pop("snapshot", None) or make_snapshot()
    body = {"body_start": 0, "body_end": len(snapshot.text)}
    return make_finding(target, snapshot, **(body | fields))

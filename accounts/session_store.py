"""Where sessions are kept: in a table that knows whose they are. The setting ``SESSION_ENGINE``."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's sessions in the database, each with the person who signed in."""

    @classmethod
    def get_model_class(cls) -> Any:
        # The engine is imported by the middleware, possibly before the models are.
        return apps.get_model("accounts", "Session")

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Return the row of a session, with the key of the person; none before signing in."""
        row: Any = super().create_model_instance(data)
        key = str(data.get(SESSION_KEY, ""))
        row.user_id = int(key) if key.isdecimal() else None
        return row

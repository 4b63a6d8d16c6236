"""What a session knows of how somebody signed in.

Between password and code nobody is signed in: the session only remembers whose password was
right, for ten minutes. So no address of the admin has to be guarded against half a sign-in.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import load_backend
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

PENDING = "sign_in_pending"
VERIFIED = "second_factor"
"""Holds the device that accepted the code. A session without it is of somebody without a device:
to get one ends all other sessions."""

DRAFT = "second_factor_draft"
"""Holds the secret that is shown while a second factor is set up."""

TIME_FOR_CODE = dt.timedelta(minutes=10)


def remember_password(request: HttpRequest, user: User, *, now: dt.datetime) -> None:
    """Note whose password was right."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "backend": str(getattr(user, "backend", "")),
        "hash": user.get_session_auth_hash(),
        "until": (now + TIME_FOR_CODE).timestamp(),
    }


def whose_password(request: HttpRequest, *, now: dt.datetime) -> User | None:
    """Return who has still to give a code; ``None``: nobody, or it took too long.

    A person whose password was changed or whose account was closed meanwhile is nobody, too.
    """
    noted = request.session.get(PENDING)
    if not noted or noted["until"] < now.timestamp():
        return None
    user = load_backend(noted["backend"]).get_user(noted["user"])
    if not isinstance(user, User):
        return None
    if not constant_time_compare(noted["hash"], user.get_session_auth_hash()):
        return None
    user.backend = noted["backend"]  # as authenticate() leaves it
    return user


def is_verified(request: HttpRequest) -> bool:
    """Whether the session was opened by a second factor."""
    return VERIFIED in request.session

"""The second factor: an app that makes codes (RFC 6238), and recovery codes for when it is lost."""

from __future__ import annotations

import datetime as dt
import re
from base64 import b32encode
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp import verify_token
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from accounts.errors import TooSoon, WrongCode
from accounts.policy import Demand
from accounts.services.sessions import end_sessions
from accounts.tokens import keep_recovery_code, new_recovery_code
from companies.access import sees_all

RECOVERY_CODES = 10
"""How many recovery codes a person gets."""

ISSUER = "Followthrough"
_CODE = re.compile(r"[0-9]{6}")
_TOLERANCE = 1
"""Steps of 30 seconds by which a clock may be wrong."""


def demands_second_factor(user: User) -> bool:
    """Whether the setting ``SECOND_FACTOR`` wants this person to have one."""
    return Demand(settings.SECOND_FACTOR).covers(is_steward=sees_all(user))


def has_second_factor(user: User) -> bool:
    """Whether a person has one, so that a password is not enough."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def new_secret() -> str:
    """Return a secret for an app, in hexadecimal digits; nothing is written."""
    return str(random_hex(20))


def spell_secret(secret: str) -> str:
    """Return a secret as people type it into an app: Base32, in groups of four."""
    text = b32encode(bytes.fromhex(secret)).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def secret_address(secret: str, user: User) -> str:
    """Return the address that a QR code bears: ``otpauth://totp/…``, as apps read it."""
    label = quote(f"{ISSUER}:{user.get_username()}")
    key = b32encode(bytes.fromhex(secret)).decode()
    return f"otpauth://totp/{label}?{urlencode({'secret': key, 'issuer': ISSUER})}"


@transaction.atomic
def enrol(
    *, user: User, secret: str, code: str, session: str | None, now: dt.datetime
) -> list[str]:
    """Give a person a second factor in place of one they may have had; other sessions end.

    Args:
        user: whose it is.
        secret: what :func:`new_secret` gave, and the app got.
        code: what the app shows, to prove that it has the secret. It is used up.
        session: key of the session that goes on.
        now: the present.

    Returns:
        the recovery codes, which cannot be read again.

    Raises:
        WrongCode: the app does not have this secret, or its clock is wrong.
    """
    totp = TOTP(bytes.fromhex(secret))
    totp.time = now.timestamp()
    if not (_CODE.fullmatch(_bare(code)) and totp.verify(int(_bare(code)), _TOLERANCE)):
        raise WrongCode(_("This is not the code that belongs to the picture. Try the next one."))
    _remove(user)
    TOTPDevice.objects.create(
        user=user, name=ISSUER, key=secret, confirmed=True, last_t=totp.t(), drift=totp.drift
    )
    end_sessions(user_id=user.pk, but=session)
    return _write_recovery_codes(user)


def check_code(*, user: User, code: str, now: dt.datetime) -> Device:
    """Return the device that accepts a code, and use the code up: nothing accepts it again.

    Six digits are asked of the app, all else of the recovery codes. After a wrong code no other
    is looked at for a second, then two, four and so on, however often it is asked for.

    Raises:
        TooSoon: such a pause is not over.
        WrongCode: it is not accepted.
    """
    bare = _bare(code)
    is_of_app = bool(_CODE.fullmatch(bare))
    model = TOTPDevice if is_of_app else StaticDevice
    device = model.objects.filter(user=user, confirmed=True).first()
    if device is None:
        raise WrongCode(_("This code is not valid."))
    allowed, reason = device.verify_is_allowed()
    if not allowed:
        seconds = int((reason["locked_until"] - now).total_seconds()) + 1
        raise TooSoon(_wait(seconds))
    asked = bare if is_of_app else keep_recovery_code(bare)
    if not verify_token(user, device.persistent_id, asked):
        raise WrongCode(_("This code is not valid, or was used before. Try the next one."))
    return device


@transaction.atomic
def renew_recovery_codes(*, user: User) -> list[str]:
    """Return new recovery codes in place of the old, which are not accepted any more."""
    StaticDevice.objects.filter(user=user).delete()
    return _write_recovery_codes(user)


def recovery_codes_left(user: User) -> int:
    """Return how many recovery codes a person has not used yet."""
    return int(StaticToken.objects.filter(device__user=user).count())


@transaction.atomic
def remove_second_factor(*, user: User, session: str | None = None) -> None:
    """Take the second factor from a person, with all recovery codes; their sessions end.

    For who lost the device, at a steward's hands, and for who takes another one.

    Args:
        user: whose.
        session: key of one session that goes on, or ``None``.
    """
    _remove(user)
    end_sessions(user_id=user.pk, but=session)


def _bare(code: str) -> str:
    """Return a code without what people and apps put between its characters."""
    return re.sub(r"[\s-]", "", code).lower()


def _remove(user: User) -> None:
    # One after the other: two enrolments at once would leave two devices.
    User.objects.select_for_update().get(pk=user.pk)
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _write_recovery_codes(user: User) -> list[str]:
    device = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
    codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=keep_recovery_code(code)) for code in codes
    )
    return codes


def _wait(seconds: int) -> str:
    return ngettext(
        "Too many wrong codes. Try again in %(seconds)d second.",
        "Too many wrong codes. Try again in %(seconds)d seconds.",
        seconds,
    ) % {"seconds": seconds}

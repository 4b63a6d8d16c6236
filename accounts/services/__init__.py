"""The verbs: enrol, check_code, invite, accept_invitation, end_sessions, send_mails and more."""

from accounts.services.invitations import (
    accept_invitation,
    find_invitation,
    invite,
    is_member,
    join,
    person_of,
    resend_invitation,
    revoke_invitation,
)
from accounts.services.mailing import send_mails
from accounts.services.passwords import ask_for_password
from accounts.services.second_factor import (
    check_code,
    demands_second_factor,
    enrol,
    has_second_factor,
    new_secret,
    recovery_codes_left,
    remove_second_factor,
    renew_recovery_codes,
    secret_address,
    spell_secret,
)
from accounts.services.sessions import end_sessions, forget_lapsed

__all__ = [
    "accept_invitation",
    "ask_for_password",
    "check_code",
    "demands_second_factor",
    "end_sessions",
    "enrol",
    "find_invitation",
    "forget_lapsed",
    "has_second_factor",
    "invite",
    "is_member",
    "join",
    "new_secret",
    "person_of",
    "recovery_codes_left",
    "remove_second_factor",
    "renew_recovery_codes",
    "resend_invitation",
    "revoke_invitation",
    "secret_address",
    "send_mails",
    "spell_secret",
]

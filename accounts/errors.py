"""What can be wrong with signing in and with invitations, in words for whoever did it."""

from __future__ import annotations


class AccountError(Exception):
    """Refused; the message says why and can be shown."""


class WrongCode(AccountError):
    """Not a code of this person, one that was used before, or one too many."""


class TooSoon(WrongCode):
    """The code was not even looked at: there were too many wrong ones just before."""


class InvitationClosed(AccountError):
    """The invitation was accepted, withdrawn, replaced or is too old."""


class AlreadyMember(AccountError):
    """Whoever has this address is a member of the organization already."""

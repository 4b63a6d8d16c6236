"""Inviting people to organizations, and what becomes of it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import AlreadyMember, InvitationClosed
from accounts.models import Invitation
from accounts.tokens import hash_token
from campaigns.access import has_role
from campaigns.models import Membership, Organization, Role
from companies.access import sees_all


@transaction.atomic
def invite(
    *, organization: Organization, email: str, role: Role, by: User, now: dt.datetime
) -> Invitation:
    """Owe an address the mail that invites it. Who is invited already is invited anew, once.

    Whether anybody has an account with this address makes no difference, and is not told.

    Raises:
        AlreadyMember: of this organization; its members know one another.
    """
    if is_member(organization=organization, email=email):
        raise AlreadyMember(_("Whoever has this address is a member already."))
    # One after the other, so that the second of two clicks finds the first one's invitation.
    Organization.objects.select_for_update().get(pk=organization.pk)
    rows = Invitation.objects.open().filter(organization=organization, email__iexact=email)
    invitation = rows.first() or Invitation(organization=organization, email=email)
    invitation.role = role
    invitation.invited_by = by
    invitation.created_at = now
    _owe(invitation, now)
    return invitation


def is_member(*, organization: Organization, email: str) -> bool:
    """Whether a member of the organization has this address."""
    rows = Membership.objects.filter(organization=organization, user__email__iexact=email)
    return rows.exists()


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User, now: dt.datetime) -> bool:
    """Owe the mail again, with a new link that lasts its full time; the old one is dead at once.

    From now on it stands in the name of who sends it again.

    Returns:
        whether there was anything to send: not if it was accepted or withdrawn.
    """
    row = Invitation.objects.select_for_update().open().filter(pk=invitation.pk).first()
    if row is None:
        return False
    row.invited_by = by
    _owe(row, now)
    return True


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, now: dt.datetime) -> bool:
    """Withdraw an invitation: its link is dead, and a mail not sent yet is not sent.

    Returns:
        whether it was open.
    """
    row = Invitation.objects.select_for_update().open().filter(pk=invitation.pk).first()
    if row is None:
        return False
    row.revoked_at = now
    row.token_hash = None
    row.next_attempt_at = None
    row.save()
    return True


def find_invitation(*, token: str, now: dt.datetime) -> Invitation:
    """Return the invitation of a link.

    Raises:
        InvitationClosed: it cannot be accepted (any more). Why is not told: the link of somebody
            else's is like one that never was.
    """
    rows = Invitation.objects.standing(now).select_related("organization", "invited_by")
    invitation: Invitation | None = rows.filter(token_hash=hash_token(token)).first()
    if invitation is None or not _may_invite(invitation):
        raise InvitationClosed(
            _("This invitation is not valid any more. Ask whoever invited you for a new one.")
        )
    return invitation


def person_of(invitation: Invitation) -> User | None:
    """Return who has the invited address, if exactly one person has: they need no new account.

    Raises:
        InvitationClosed: the account with this address was closed. A new one is not the way in.
    """
    people = list(User.objects.filter(email__iexact=invitation.email)[:2])
    if people and not any(person.is_active for person in people):
        raise InvitationClosed(
            _("The account with this address was closed. Ask a steward to open it again.")
        )
    return people[0] if len(people) == 1 else None


@transaction.atomic
def accept_invitation(*, token: str, user: User, now: dt.datetime) -> Membership:
    """Make a person a member. The link is used up; a higher role that they have already stays.

    Raises:
        InvitationClosed: it cannot be accepted (any more).
    """
    found = find_invitation(token=token, now=now)
    rows = Invitation.objects.select_for_update().standing(now)
    invitation = rows.filter(pk=found.pk, token_hash=found.token_hash).first()
    if invitation is None:
        raise InvitationClosed(_("This invitation was accepted or withdrawn just now."))
    role = Role(invitation.role)
    membership, is_new = Membership.objects.get_or_create(
        user=user, organization_id=invitation.organization_id, defaults={"role": role}
    )
    if not is_new and not Role(membership.role).covers(role):
        membership.role = role
        membership.save()
    invitation.accepted_at = now
    invitation.accepted_by = user
    invitation.token_hash = None
    invitation.next_attempt_at = None
    invitation.save()
    return membership


@transaction.atomic
def join(*, token: str, username: str, password: str, now: dt.datetime) -> User:
    """Open an account for who was invited, and make them a member.

    Args:
        token: of the link.
        username: not taken, as the form has found.
        password: as the validators allow.
        now: the present.

    Raises:
        InvitationClosed: it cannot be accepted (any more).
        django.db.IntegrityError: somebody took the name just now.
    """
    email = find_invitation(token=token, now=now).email
    user = User.objects.create_user(username, email=email, password=password)
    accept_invitation(token=token, user=user, now=now)
    return user


def _owe(invitation: Invitation, now: dt.datetime) -> None:
    invitation.expires_at = now + dt.timedelta(days=settings.INVITATION_DAYS)
    invitation.token_hash = None
    invitation.owe(now=now)
    invitation.save()


def _may_invite(invitation: Invitation) -> bool:
    """Whether whoever invites could do so today: they may have been removed since."""
    by = invitation.invited_by
    if by is None or not by.is_active:
        return False
    return sees_all(by) or has_role(by, Role.MANAGER, [invitation.organization_id])

"""Who may save what is logged, and where."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from campaigns.models import Action, Campaign, Response, Role, Target
from companies.access import Person, visible

_MOST_NAMES = 3

About = Campaign | Target
"""What an entry is about: an action the campaign, the others a target."""


def may_log(person: Person, kind: str, about: About) -> bool:
    """Whether a person may save a kind of entry about a campaign or a target."""
    if isinstance(about, Campaign):
        row: Action | Response | Target = Action(campaign=about)
    else:
        row = Response(target=about) if kind == "response" else about
    return person.has_perm(permission_for(kind), row)


def permission_for(kind: str) -> str:
    """Return the permission that saving a kind of entry needs."""
    return f"campaigns.add_{kind.replace('_', '')}"


def who_may(person: Person, about: About | None) -> str:
    """Return a sentence that says who may save what this person may not.

    Editors are named who work for an organization together with the person.
    """
    if about is None:
        return _("Your role does not allow this: an editor of the organization can do it.")
    campaign = about if isinstance(about, Campaign) else about.campaign
    editors = User.objects.filter(
        is_active=True,
        memberships__organization__in=campaign.shared_with.values("pk"),
        memberships__role__in=[role for role in Role if role.covers(Role.EDITOR)],
    )
    names = [
        editor.get_full_name() or editor.get_username()
        for editor in visible(editors, person).distinct().order_by("username")[:_MOST_NAMES]
    ]
    if names:
        said = _("Your role does not allow this in “%(campaign)s”. These can do it: %(names)s.")
    else:
        said = _("Your role does not allow this in “%(campaign)s”: an editor can do it.")
    return said % {"campaign": campaign, "names": ", ".join(names)}

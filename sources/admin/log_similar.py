"""What is on record already and is perhaps the same as what is logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from campaigns.admin.nearby import nearby_actions
from campaigns.models import Action, Campaign
from companies.access import Person, visible
from companies.similar import most_alike, worth_comparing
from companies.similar_pages import mark
from sources.admin.log_forms import ActionPart
from sources.admin.log_known import address_of
from sources.services import Understood

SHOWN = "similar_shown"
"""The field that names what was shown as perhaps the same: that is not asked about once more."""
_MOST_CAMPAIGNS = 20


@dataclass(frozen=True, slots=True)
class Offered:
    """Actions that are perhaps the same.

    Attributes:
        rows: of each the words, why it is shown, and its address in the admin.
        mark: names those that are likely the same.
    """

    rows: Sequence[tuple[str, str, str]]
    mark: str


def offered_actions(person: Person, part: ActionPart) -> Offered | None:
    """Return actions on record that are perhaps the one that stands in a part; None for none."""
    typed = {
        name: str(part[name].value() or "") for name in ("campaign", "happened_on", "kind", "title")
    }
    found = nearby_actions(visible(Action.objects.all(), person), typed)
    if not found:
        return None
    rows = []
    for one in found:
        assert isinstance(one.row, Action)
        rows.append((str(one.row), str(one.why), address_of(one.row)))
    return Offered(rows, mark([one for one in found if one.is_likely]))


def is_asked_about(request: HttpRequest, part: ActionPart) -> bool:
    """Whether an action is likely on record already, and that was not shown before it was saved.

    The part then says so. What is the very same is not asked about: it is refused.
    """
    data = part.cleaned_data
    names = ("campaign", "kind", "title", "happened_on")
    if Action.objects.filter(**{name: data[name] for name in names}).exists():
        return False
    offered = offered_actions(request.user, part)
    if offered is None or offered.mark in ("", request.POST.get(SHOWN, "")):
        return False
    said = _("Perhaps this is on record already: look below, and save again if it is not.")
    part.add_error(None, said)
    return True


def similar_campaigns(person: Person, title: str, understood: Understood | None) -> list[Campaign]:
    """Return campaigns that an article may be about though it names none of their targets.

    Those of the organizations that it names, and those with a title like its own.
    """
    seen = visible(Campaign.objects.all(), person)
    named = [row.pk for row, _found in understood.organizations] if understood else []
    pressing = seen.filter(organizations__in=named).distinct().order_by("-pk")[:_MOST_CAMPAIGNS]
    alike = most_alike(title, ((row, row.title) for row in worth_comparing(seen, "title", title)))
    found = [*(one.row for one in alike), *(pressing if named else ())]
    return [row for row in dict.fromkeys(found) if isinstance(row, Campaign)]

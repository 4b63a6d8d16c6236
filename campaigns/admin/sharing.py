"""With whom a campaign is shared: the part of its form that decides who sees it."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.access import roles_of
from campaigns.models import Campaign, Organization
from companies.access import Person, sees_all


class CampaignForm(forms.ModelForm[Campaign]):
    """A campaign, which stays shared with an organization of whoever edits it."""

    asker: ClassVar[Person]

    def clean_shared_with(self) -> QuerySet[Organization]:
        """Refuse to lose a campaign from sight, and to take it away from others.

        Raises:
            ValidationError: a member shares it with none of their own organizations, or takes
                away an organization that is not theirs.
        """
        chosen: QuerySet[Organization] = self.cleaned_data["shared_with"]
        if sees_all(self.asker):
            return chosen
        own, keys = set(roles_of(self.asker)), {organization.pk for organization in chosen}
        if not own & keys:
            raise forms.ValidationError(
                _("Share it with one of your organizations, or you would not see it any more.")
            )
        if self.instance.pk:
            others = self.instance.shared_with.exclude(pk__in=own | keys)
            if names := ", ".join(others.values_list("name", flat=True)):
                raise forms.ValidationError(
                    _("Only their own members, or a steward, can take away: %(names)s.")
                    % {"names": names}
                )
        return chosen

"""The form of an endpoint."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from alerts.errors import InvalidEndpoint
from alerts.models import Endpoint, Event
from alerts.models.criteria import NOTHING, packed, unpacked
from alerts.services import AMENDABLE, check_endpoint
from campaigns.admin.typed import TypedDayField
from campaigns.statuses import Status

_PACKED = ("event_types", "to_statuses", "from_statuses")


class EndpointForm(forms.ModelForm[Endpoint]):
    """An endpoint, with checkboxes for what is kept as a list in one text."""

    asker: User
    """Who fills it in; the owner unless another is chosen."""

    event_types = forms.MultipleChoiceField(
        label=_("Types of events"),
        choices=Event.Type.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Event.Type.RECORDED, Event.Type.CORRECTED],
        help_text=_("Findings are for the endpoints of staff only."),
    )
    to_statuses = forms.MultipleChoiceField(
        label=_("Only changes to"),
        choices=Status.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None: to any status."),
    )
    from_statuses = forms.MultipleChoiceField(
        label=_("Only changes from"),
        choices=[(NOTHING, _("nothing on record")), *Status.choices],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None: from any status."),
    )

    class Meta:
        model = Endpoint
        fields = AMENDABLE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in _PACKED:
                self.initial[name] = unpacked(getattr(self.instance, name))

    def clean_event_types(self) -> str:
        return f",{','.join(self.cleaned_data['event_types'])},"

    def clean_to_statuses(self) -> str:
        return packed(self.cleaned_data["to_statuses"])

    def clean_from_statuses(self) -> str:
        return packed(self.cleaned_data["from_statuses"])

    def _post_clean(self) -> None:
        """Refuse what the service would, beside the field that is at fault."""
        super()._post_clean()  # type: ignore[misc]  # where a model form fills in its instance
        if not self.errors:
            self._check()

    def _check(self) -> None:
        if "owner" not in self.fields and self.instance._state.adding:
            self.instance.owner = self.asker
        try:
            check_endpoint(self.instance)
        except InvalidEndpoint as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))


class ReplayForm(forms.Form):
    """Since when what failed is to be sent again."""

    since = TypedDayField(label=_("Since"), widget=forms.TextInput(attrs={"size": 14}))

    def moment(self) -> dt.datetime:
        """Return the first moment of that day, in UTC."""
        day: dt.date = self.cleaned_data["since"]
        return dt.datetime.combine(day, dt.time.min, dt.UTC)

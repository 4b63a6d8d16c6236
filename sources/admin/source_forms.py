"""The form by which a source is edited: its rules in fields, a group for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.admin.typed import TypedDayField
from sources.extraction.bills import PRESETS
from sources.kinds import SourceKind
from sources.models import Source
from sources.reading import check_rules


class Lines(forms.CharField):
    """A list, one item a line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3}), **options
        )

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list of texts
        return [line.strip() for line in (value or "").splitlines() if line.strip()]


class Pairs(forms.CharField):
    """A mapping, one pair a line: ``value = status``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 3}), **options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return "\n".join(f"{key} = {status}" for key, status in value.items())
        return value

    def to_python(self, value: Any) -> dict[str, str]:  # type: ignore[override]
        pairs = {}
        for line in (value or "").splitlines():
            if line.strip():
                key, sign, status = line.rpartition("=")
                if not sign:
                    raise ValidationError(_("Write each line as: value = status"))
                pairs[key.strip()] = status.strip()
        return pairs


class SourceForm(forms.ModelForm[Source]):
    """Rules are put into :attr:`Source.rules` by the names that their kind gives them."""

    include = Lines(
        label=_("Read only"),
        help_text=_(
            "Parts of the page, as CSS selectors, one a line, such as: main, #content, "
            ".policy-text. Empty: the main text. “body” is the whole page. If one of them is not "
            "on the page any more, the poll fails and says so."
        ),
    )
    exclude = Lines(
        label=_("Leave out"), help_text=_("Parts that are not read, as CSS selectors, one a line.")
    )
    ignored = Lines(
        label=_("Ignore"),
        help_text=_(
            "Words that make no difference when they change, as patterns (regular expressions of "
            "RE2), one a line, such as: \\d+ people have signed"
        ),
    )
    json_kind = forms.ChoiceField(
        label=_("What is watched"),
        required=False,
        choices=[("value", _("one value")), ("rows", _("a list of rows"))],
    )
    path = forms.CharField(
        label=_("Where it is"),
        required=False,
        help_text=_(
            "The way from the whole ($) to the value, as $.bill.status, or to the list, as "
            "$.results[*] (JSONPath)."
        ),
    )
    statuses = Pairs(
        label=_("Statuses"),
        help_text=_(
            "Of one value: what it says of the target, one a line, such as: Signed by governor = "
            "mandated. A value that is not named here is shown to you without a proposal."
        ),
    )
    key = Lines(
        label=_("What tells rows apart"),
        help_text=_("Of a list: the fields that are a row's own and never change, one a line: id"),
    )
    compared = Lines(
        label=_("Fields that count"), help_text=_("Of a list: one a line. Empty: all of them.")
    )
    ignored_fields = Lines(
        label=_("Fields that do not count"),
        help_text=_("Of a list: what changes all the time and is no news, one a line."),
    )
    most_changed_share = forms.FloatField(
        label=_("Most that may change at once"),
        required=False,
        min_value=0.01,
        max_value=1,
        help_text=_(
            "Of a list: the share of its rows, 0.5 (half of them) by default. More at once is not "
            "believed, and the poll fails."
        ),
    )
    form = forms.ChoiceField(
        label=_("Tracker"),
        required=False,
        help_text=_("Whose answers these are."),
        choices=[(preset.form, preset.label) for preset in PRESETS.values()],
    )
    session_ends_on = TypedDayField(
        label=_("Session ends on"),
        required=False,
        help_text=_("Of a state, if you know it: on that day a bill that is open is dead."),
    )

    class Meta:
        model = Source
        exclude = ["rules"]  # noqa: DJ006 - the admin says which fields are shown

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in _as_fields(self.instance).items():
            self.initial.setdefault(name, value)

    def clean(self) -> dict[str, Any]:
        """Put the rules together, and show at its field what is wrong with them."""
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        if kind not in SourceKind.values:
            return cleaned
        if kind != SourceKind.FEED:
            cleaned["reads_articles"] = False
        rules = _as_rules(kind, cleaned)
        try:
            check_rules(kind, rules)
        except ValueError as error:
            self.add_error(_FIRST_FIELDS[SourceKind(kind)], str(error))
        self.instance.rules = rules
        if kind == SourceKind.BILL and not cleaned.get("bill"):
            self.add_error("bill", _("Choose the bill whose status this source tells."))
        return cleaned


_FIRST_FIELDS = {
    SourceKind.PAGE: "include",
    SourceKind.FEED: "kind",
    SourceKind.JSON: "path",
    SourceKind.BILL: "form",
}


def _as_rules(kind: str, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the fields of a kind say, leaving out what says nothing."""
    if kind == SourceKind.PAGE:
        names = ("include", "exclude", "ignored")
        return {name: cleaned[name] for name in names if cleaned.get(name)}
    if kind == SourceKind.JSON:
        return _json_rules(cleaned)
    if kind == SourceKind.BILL:
        ends_on = cleaned.get("session_ends_on")
        rules = {"form": cleaned.get("form") or ""}
        return rules | ({"session_ends_on": ends_on.isoformat()} if ends_on else {})
    return {}


def _json_rules(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    path = cleaned.get("path") or ""
    if cleaned.get("json_kind") != "rows":
        return {"kind": "value", "path": path, "statuses": cleaned.get("statuses") or {}}
    rules = {
        "kind": "rows",
        "path": path,
        "key": cleaned.get("key") or [],
        "compared": cleaned.get("compared") or [],
        "ignored": cleaned.get("ignored_fields") or [],
    }
    share = cleaned.get("most_changed_share")
    return rules | ({"most_changed_share": share} if share else {})


def _as_fields(source: Source) -> dict[str, Any]:
    """Return the rules of a source by the names of the form's fields."""
    values = dict(source.rules)
    if source.kind == SourceKind.JSON:
        values["json_kind"] = values.pop("kind", "value")
        values["ignored_fields"] = values.pop("ignored", [])
    return values

"""The page on which a finding is reviewed, as tests read and fill it in."""

from typing import Any

from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from sources.models import Finding

LIST = "/admin/sources/finding/"


def address(finding: Finding) -> str:
    return f"{LIST}{finding.pk}/change/"


def form_of(client: Client, finding: Finding, action: str) -> dict[str, Any]:
    """The values of the form with the button ``action``, as a browser would send them."""
    page = LexborHTMLParser(client.get(address(finding)).content)
    [button] = page.css(f'button[value="{action}"]')
    form = button.parent
    if own := button.attributes.get("form"):
        form = page.css_first(f"form#{own}")
    while form is not None and form.tag != "form":
        form = form.parent
    assert form is not None
    values: dict[str, Any] = {"action": action}
    for field in form.css("input[name]"):
        if field.attributes.get("type") != "checkbox":
            values[field.attributes["name"] or ""] = field.attributes.get("value") or ""
    for area in form.css("textarea"):
        values[area.attributes["name"] or ""] = area.text().lstrip("\n")
    for select in form.css("select"):
        chosen = [option.attributes["value"] for option in select.css("option[selected]")]
        values[select.attributes["name"] or ""] = chosen[0] if chosen else ""
    return values


def is_ticked(client: Client, finding: Finding) -> bool:
    """Whether the form says that the finding is an extension before anybody edits it."""
    page = LexborHTMLParser(client.get(address(finding)).content)
    return "checked" in page.css('input[name="extends"]')[0].attributes


def errors_of(response: Any) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)

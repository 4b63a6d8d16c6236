"""Somebody with a browser, as far as the demo needs one: pages, forms, cookies."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode


class Visitor:
    """Keeps cookies between requests to one site, and fills in its forms."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()),
            urllib.request.ProxyHandler({}),
        )

    def get(self, path: str) -> str:
        """Return the text of a page.

        Raises:
            urllib.error.HTTPError: the answer is an error.
        """
        with self._opener.open(urllib.parse.urljoin(self.origin, path), timeout=20) as answer:
            return str(answer.read().decode())

    def get_json(self, path: str) -> Any:
        """Return what an address of the API answers."""
        return json.loads(self.get(path))

    def submit(self, path: str, button: str = "", **fields: str) -> str:
        """Fill in the first POST form of a page that has these fields, and send it.

        Args:
            path: where the form is.
            button: value of the button that is pressed, if the form has several.
            fields: what is typed; everything else is sent as the page has it.

        Returns:
            The text of the page that comes back.

        Raises:
            LookupError: the page has no such form.
        """
        address = urllib.parse.urljoin(self.origin, path)
        form = self._form(self.get(path), set(fields), button)
        values = _values(form) | fields
        for pressed in _buttons(form, button):
            values[pressed.attributes.get("name") or ""] = button
        target = urllib.parse.urljoin(address, form.attributes.get("action") or "")
        request = urllib.request.Request(  # noqa: S310 - the origin is our own
            target, urllib.parse.urlencode(values).encode(), {"Referer": address}
        )
        with self._opener.open(request, timeout=20) as answer:
            return str(answer.read().decode())

    def _form(self, page: str, names: set[str], button: str) -> LexborNode:
        for form in LexborHTMLParser(page).css("form"):
            has_names = all(form.css_first(f'[name="{name}"]') for name in names)
            has_button = not button or bool(_buttons(form, button))
            if (form.attributes.get("method") or "").lower() == "post" and has_names and has_button:
                return form
        raise LookupError(f"the page has no form with {sorted(names)} and the button “{button}”")


def _buttons(form: LexborNode, value: str) -> list[LexborNode]:
    return form.css(f'button[name][value="{value}"]') if value else []


def _values(form: LexborNode) -> dict[str, str]:
    values = {}
    for node in form.css("input, select, textarea"):
        name, kind = node.attributes.get("name"), node.attributes.get("type")
        if (
            not name
            or kind in ("submit", "button")
            or (kind in ("checkbox", "radio") and "checked" not in node.attributes)
        ):
            continue
        if node.tag == "select":
            chosen = node.css_first("option[selected]")
            values[name] = (chosen.attributes.get("value") or "") if chosen else ""
        elif node.tag == "textarea":
            values[name] = node.text()
        else:
            values[name] = node.attributes.get("value") or ""
    return values

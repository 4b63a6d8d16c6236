"""What happened as a piece of HTML: every text escaped, links to the web only."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.encoding import iri_to_uri
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from campaigns.formats import format_on
from campaigns.telling.happenings import Cited, Happening


def as_html(happening: Happening) -> SafeString:
    """Return everything that is known of it, as HTML.

    That it was corrected comes first, so that nobody reads what was wrong without it.
    """
    parts = [
        format_html('<p><a href="{}">{}</a></p>', url, said) for said, url in happening.related
    ]
    parts.append(_paragraphs(happening.summary))
    parts.append(
        format_html(
            "<ul>{}</ul>",
            format_html_join("", "<li><b>{}:</b> {}</li>", happening.facts),
        )
    )
    parts += [_citation(cited) for cited in happening.citations]
    return _together(parts)


def web_address(url: str) -> str:
    """Return an address as a URI if it leads to the web, else "" (``javascript:`` is none)."""
    return iri_to_uri(url) if url.lower().startswith(("https://", "http://")) else ""


def _paragraphs(text: str) -> SafeString:
    lines = [line.strip() for line in text.splitlines()]
    return format_html_join("", "<p>{}</p>", ((line,) for line in lines if line))


def _citation(cited: Cited) -> SafeString:
    day = format_on(cited.published_on, cited.published_precision)
    origin = ", ".join(filter(None, [cited.publisher, day]))
    parts = [_link(cited.url, cited.title or cited.url)]
    parts += [conditional_escape(origin)] if origin else []
    parts += [_link(cited.copy_url, _("kept copy"))] if cited.copy_url else []
    source = format_html("<p>— {}</p>", _together(parts, ", "))
    if not cited.quote:
        return source
    return format_html("<blockquote>{}</blockquote>{}", _paragraphs(cited.quote), source)


def _link(url: str, text: str) -> SafeString:
    address = web_address(url)
    return format_html('<a href="{}">{}</a>', address, text) if address else format_html("{}", text)


def _together(parts: Iterable[str], separator: str = "") -> SafeString:
    return mark_safe(separator.join(conditional_escape(part) for part in parts))  # noqa: S308

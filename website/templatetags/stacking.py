"""Cells of the admin's lists that say which column they are of: in a stack nothing else does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()

ROLES = {"td": "cell", "th": "rowheader"}


@register.filter
def under(
    cells: Iterable[SafeString], headers: Iterable[Mapping[str, Any]]
) -> Iterator[SafeString]:
    """Yield the cells of a row, each with its role and the name of its column.

    Args:
        cells: as Django's ``admin_list`` makes them: ``<td …>…</td>``, or ``<th …>`` for the one
            that leads to the row.
        headers: of the columns, as ``admin_list`` describes them.
    """
    for cell, header in zip(cells, headers, strict=True):
        tag, rest = cell[1:3], cell[3:]
        is_named = "action-checkbox" not in header["class_attrib"]
        name = format_html(' data-column="{}"', capfirst(header["text"])) if is_named else ""
        yield mark_safe(f'<{tag} role="{ROLES[tag]}"{name}{rest}')  # noqa: S308  # made of safe parts

"""A world full of hostile texts, and what a table of it must say, told from the JSON alone."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

from django.test import Client

from api.cells import Cell
from api.formats.columns import cells_of
from api.resource import find_resource
from campaigns.models import Citation, Response, Target
from tests.api.factories import V1, World, get, make_public_world, make_response
from tests.factories import (
    make_action,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_organization,
    make_outcome_draft,
    make_product,
    make_target,
    make_topic,
)

HOSTILE = (
    '=HYPERLINK("https://evil.example","click")',
    "+1-2",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    'said "so", and\nmore',
    "carriage\rreturn",
    "Zoë 漢字 🙂",
    " spaces ",
    "\\.",
    "NULL",
    "'apostrophe",
)
"""What a spreadsheet might run, and what a careless writer of CSV would trip over."""


def make_hostile_world() -> World:
    """A world, and others whose every text is hostile, in lists that keys do not order."""
    world = make_public_world()
    for number, text in enumerate(HOSTILE):
        # Names are unique, however they are spaced.
        name = f"{text} {number}"
        campaign = make_campaign(
            title=text,
            summary=text,
            organizations=(make_organization(f"{name} z"), make_organization(f"{name} a")),
            topics=(make_topic(f"{name} z", description=text), make_topic(f"{name} a")),
        )
        company = make_company(
            name=name,
            aliases=(f"{name} z", f"{name} a"),
            description=text,
            parent=world.company if number % 2 else None,
        )
        target = make_target(campaign, company, demand=text, product=make_product(company, text))
        _hang_on(target, text)
    return world


def _hang_on(target: Target, text: str) -> None:
    action = make_action(target.campaign, title=text, description=text)
    action.organizations.set(target.campaign.organizations.all())
    action.targets.set([make_target(target.campaign, make_company()), target])
    draft = make_action(make_campaign(is_public=False), title="secret")
    make_response(target, summary=text, answers=action)
    response = make_response(target, summary=text, answers=draft, kind=Response.Kind.DENIAL)
    for quote in (text, "second"):
        document = make_document(title=text, publisher=text)
        Citation.objects.create(action=action, document=document, quote=quote)
        Citation.objects.create(response=response, document=document, quote=quote)
    make_change(target, "called_on", dt.date(2018, 1, 1), summary=text)
    outcome = make_outcome_draft(terms=text, scope=text, condition=text, exemptions=(text, "a"))
    make_change(
        target, "paused", dt.date(2020, 1, 1), summary=text, outcome=outcome,
        citations=[make_citation_draft(text), make_citation_draft("second")],
    )  # fmt: skip


def all_items(client: Client, resource: str, **query: Any) -> list[dict[str, Any]]:
    """Every record of a list, page after page of JSON."""
    page = get(client, f"{resource}/", **({"limit": 500} | query))
    found: list[dict[str, Any]] = page["results"]
    while page["next"]:
        page = get(client, page["next"])
        found += page["results"]
    return found


def fetch(client: Client, resource: str, **query: Any) -> bytes:
    """The bytes of a list in another format."""
    answer = client.get(f"{V1}/{resource}/", query)
    assert answer.status_code == 200, getattr(answer, "content", b"")
    return bytes(answer.getvalue())


def parsed(data: bytes) -> list[list[str]]:
    """The lines of a CSV file."""
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


def table_of(items: list[dict[str, Any]], resource: str, **query: Any) -> list[list[str]]:
    """What the table of these records must say."""
    names = frozenset(query["fields"].split(",")) if "fields" in query else None
    cells = cells_of(find_resource(resource), names=names)
    return [
        [cell.name for cell in cells],
        *([_text(cell, item) for cell in cells] for item in items),
    ]


def _text(cell: Cell, item: dict[str, Any]) -> str:
    value: Any = item
    for name in cell.path:
        value = None if value is None else value[name]
    text = _plain(cell, value)
    return (
        f"'{text}" if cell.is_text and text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else text
    )


def _plain(cell: Cell, value: Any) -> str:
    if cell.joined is not None:
        return cell.joined(value or [])
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if cell.type == "datetime":
        moment = dt.datetime.fromisoformat(value).astimezone(dt.UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return str(value)

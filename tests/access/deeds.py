"""Doing, as somebody, what the table speaks of; each deed tells whether it was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from campaigns.models import StatusChange, Target
from sources.models import Review
from tests.access.forms import Data, filled_form, without_parts
from tests.access.worlds import Half, World, stored
from tests.factories import make_company

Deed = Callable[[World, Half, str, str], bool]


def address(row: Model, page: str = "change") -> str:
    """Return the address of a page of a record in the admin."""
    return reverse(f"admin:{_name(row)}_{page}", args=[row.pk])


def listing(row: Model | type[Model], page: str = "changelist") -> str:
    """Return the address of the list of a kind of record, or of its form for a new one."""
    return reverse(f"admin:{_name(row)}_{page}")


def _name(row: Model | type[Model]) -> str:
    return f"{row._meta.app_label}_{row._meta.model_name}"


def superuser(world: World) -> Client:
    """Return the browser of somebody who may read every form."""
    user = world.users["steward"]
    type(user).objects.filter(pk=user.pk).update(is_superuser=True)
    return world.client("steward")


def see(world: World, half: Half, record: str, who: str) -> bool:
    """Open the list and the record; both show it, or neither does."""
    row, client = half.rows[record], world.client(who)
    link = address(row)
    shown = client.get(link)
    is_listed = f'"{link}' in _list(world, client, listing(row), who)
    assert is_listed == (shown.status_code == 200), (is_listed, shown.status_code)
    return is_listed


def _list(world: World, client: Client, url: str, who: str) -> str:
    """Return what somebody is shown as a list: of the drafts and of what is public the same one."""
    if (url, who) not in world.lists:
        page = client.get(url)
        world.lists[url, who] = page.content.decode() if page.status_code == 200 else ""
    return world.lists[url, who]


def add(world: World, half: Half, record: str, who: str) -> bool:
    """Send the form for a new record like the one that is there."""
    row = half.rows[record]
    rows = type(row)._base_manager.all()
    before = rows.count()
    data = _new_status_change(half) if record == "status change" else _like(world, half, record)
    world.client(who).post(listing(row, "add"), data)
    return rows.count() > before


def _new_status_change(half: Half) -> Data:
    change = half.rows["status change"]
    assert isinstance(change, StatusChange)
    return {
        "target": change.target_id,
        "to_status": "reversed",
        "effective_on": "2021-01-05",
        "effective_precision": "day",
        "document_published_precision": "day",
        "outcome_expires_precision": "day",
        "summary": "It went back",
        "document_url": "https://news.example/back",
        "document_title": "Back",
    }


def _filled(world: World, half: Half, record: str) -> Data:
    """Return what the form of a record would send, which is the same whoever sends it then."""
    if record not in half.forms:
        half.forms[record] = filled_form(superuser(world), address(half.rows[record]))
    return half.forms[record]


def _like(world: World, half: Half, record: str) -> Data:
    row = half.rows[record]
    if record in ("outcome", "finding", "snapshot", "lost quote"):
        return {}
    if record == "invitation":
        return {"email": "new@example.org", "organization": world.ours.pk, "role": "member"}
    data = without_parts(_filled(world, half, record))
    if record == "membership":
        return {"user": world.users["stranger"].pk, "organization": world.ours.pk, "role": "member"}
    fresh: Data = {"slug": "fresh", "name": "Fresh", "identifier": "AB 4711", "title": "Fresh"}
    if isinstance(row, Target):
        data |= {"company": make_company().pk, "campaign": row.campaign_id}
    if record in ("document", "source"):
        fresh["url"] = "https://fresh.example/page"
    if record == "document":
        data["url"] = ""
    if record == "position":
        fresh["taken_on"] = "2019-01-01"
    if record == "action":
        fresh["happened_on"] = "2019-01-01"  # not on the day of the one that is there
    return data | {name: value for name, value in fresh.items() if name in data or name == "url"}


def change(world: World, half: Half, record: str, who: str) -> bool:
    """Send the form of the record with one thing changed."""
    row, client = half.rows[record], world.client(who)
    if record == "finding":
        client.post(address(row), {"action": "dismiss", "category": "old_news"})
        return Review.objects.filter(finding=row.pk).exists()
    before = stored(row)
    if record == "lost quote":
        client.post(listing(row), {"action": "deal_with", "_selected_action": row.pk})
    elif record in ("status change", "outcome", "snapshot", "invitation"):
        client.post(
            address(row),
            {"role": "manager", "summary": "Changed", "terms": "Changed", "title": "Changed"},
        )
    else:
        client.post(address(row), _altered(_filled(world, half, record)))
    return stored(row) != before


_TEXTS = ("title", "demand", "summary", "name", "stance", "role")


def _altered(data: Data) -> Data:
    name = next(name for name in _TEXTS if name in data)
    values: dict[str, Any] = {"stance": "neutral", "role": "editor"}
    return data | {name: values.get(name, "Altered")}


def delete(world: World, half: Half, record: str, who: str) -> bool:
    """Confirm the deletion of the record."""
    row = half.rows[record]
    world.client(who).post(address(row, "delete"), {"post": "yes"})
    return stored(row) is None


DEEDS: dict[str, Deed] = {"see": see, "add": add, "change": change, "delete": delete}

"""Exports for tests, and what may never be in one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from api.export import Export, export_data
from campaigns.models import Citation
from sources.models import Source
from tests.alerts.factories import make_subscriber
from tests.api.factories import World, make_public_world
from tests.factories import (
    NOW,
    make_action,
    make_campaign,
    make_change,
    make_company,
    make_organization,
    make_product,
    make_target,
)
from tests.sources.factories import make_source, make_watch

SECRET = "zebrafish"
"""In all that is not public; lower case, for an index may know words so."""


def export(folder: Path, now: dt.datetime = NOW) -> Export:
    """Publish an export, and listen to nothing."""
    return export_data(folder=folder, now=now, tell=lambda name, count: None)


def make_record() -> World:
    """A row of every resource, the tricky texts of a spreadsheet, and drafts all around."""
    world = make_public_world()
    action = make_action(
        world.campaign, title='=1+1,"two"', description="one line\nand émigré — another"
    )
    Citation.objects.create(action=action, document=world.document, quote="@quoted")
    _make_secrets(world)
    return world


def _make_secrets(world: World) -> None:
    draft = make_campaign(
        SECRET,
        is_public=False,
        slug=SECRET,
        organizations=(make_organization(SECRET),),
        topics=(world.topic,),
    )
    target = make_target(
        draft, world.company, product=make_product(world.company, SECRET), demand=SECRET
    )
    make_target(draft, make_company(SECRET, (SECRET,), parent=world.company))
    change = make_change(target, summary=SECRET)
    action = make_action(draft, title=SECRET)
    world.action.targets.add(target)
    for fact in ({"action": action}, {"status_change": change}):
        Citation.objects.create(document=world.document, quote=SECRET, **fact)
    make_watch(make_source(name=SECRET, slug=SECRET), target)
    Source.objects.filter(watches__target=world.target).update(
        etag=SECRET, last_modified=SECRET, last_detail=SECRET
    )
    make_subscriber(f"{SECRET}@reader.example")

"""The whole export: read at one moment, written aside, described, and put in place at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from api.export.descriptions import describe
from api.export.facts import Facts
from api.export.lists import Tell, write_lists
from api.export.places import Place, Publication
from api.export.snapshots import one_moment
from api.export.sqlite_file import DATABASE, write_database


@dataclass(frozen=True, slots=True)
class Export:
    """An export that readers find from now on."""

    facts: Facts
    publication: Publication


def export_data(*, folder: Path, now: dt.datetime, tell: Tell) -> Export:
    """Write the whole public data set and let ``folder`` lead to it.

    Until that last step, and if anything fails before it, ``folder`` leads to the export before.
    Must not be called within a transaction.

    Args:
        folder: a link made by an earlier export, an empty folder, or nothing yet.
        now: the moment of the export, with time zone.
        tell: is told what is done.

    Raises:
        ExportRefused: the folder holds something else.
        ExportRunning: another export to this folder has not ended.
        InconsistentData: what is public refers to what is not.
        OSError: the disk.
        django.db.Error: the database.
    """
    place = Place(folder)
    with place.claimed() as written:
        with one_moment():
            lists = write_lists(written, now=now, tell=tell)
        facts = Facts(now, lists.sequence, lists.counts)
        write_database(written, facts.about())
        tell(DATABASE, sum(lists.counts.values()))
        describe(written, facts)
        return Export(facts, place.publish(written, now=now))

"""``README.txt``: what the files are, for whoever finds them without our pages."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from django.conf import settings

from api.export.facts import CHECKSUMS, DESCRIPTOR, METADATA, SUMMARY, TITLE, Facts
from api.export.sqlite_file import DATABASE
from api.export.tables import Table

_TEXT = """{title}
{underline}

{summary}

Read at {facts.created}, all files at the same moment,
up to entry {facts.sequence} of the public feed.

Licence: {licence}, {licence_url}
Quotations belong to those who are quoted.

Cite as: {facts.citation}


THE FILES                                RECORDS

{lists}

  *.csv       flat columns, as ?format=csv gives them. A text that a spreadsheet would run as a
              formula begins with an apostrophe.
  *.ndjson    whole records with their citations, one JSON object a line, as the API shows them.
  {database}
              a table for every list, texts as they are, and a table of citations to join them
              to; full-text indexes end in _fts. In Datasette:
              datasette --immutable {database} --metadata {metadata}
  {descriptor}
              every file and every column described (Frictionless Data Package).
  {checksums}  check with: sha256sum --check {checksums}


KEEPING IT CURRENT

Begin with status-changes.ndjson, and ask for what came since:

  {facts.feed}

Go on along `next` while there is one, then ask again with the highest `sequence` you have seen.
For each entry, in order:

  - event "withdrawn": remove the status change with this `id`.
  - event "published": put it in the place of what you have under this `id`. If it has `corrects`,
    set `corrected_by` of the status change with that id to this entry.

You then have what the API lists. `follows_status` is computed when it is read, and names inside
of `target` are those of the day you read them: take both from a new export, or from the API.
"""


def readme(facts: Facts, found: Sequence[Table]) -> str:
    """Return the text."""
    lists = "\n".join(
        f"  {table.resource.name + '.csv, .ndjson':<34}{facts.counts[table.resource.name]:>10,}"
        for table in found
    )
    return _TEXT.format(
        title=TITLE,
        underline="=" * len(TITLE),
        summary=textwrap.fill(SUMMARY, 96),
        facts=facts,
        licence=settings.DATA_LICENCE,
        licence_url=settings.DATA_LICENCE_URL,
        lists=lists,
        database=DATABASE,
        metadata=METADATA,
        descriptor=DESCRIPTOR,
        checksums=CHECKSUMS,
    )

"""Planning and applying imports of texts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from campaigns.importing.rows import Table
from campaigns.importing.tables import read_table
from campaigns.importing.writing import write_csv, write_xlsx
from campaigns.services.importing import apply_import, plan_import
from tests.factories import (
    NOW,
)


def table(text: str) -> Table:
    return read_table("a.csv", text.encode())


def plan(kind: str, text: str, **options: Any) -> Any:
    return plan_import(kind=kind, table=table(text), now=NOW, **options)


def bring(kind: str, text: str, **options: Any) -> Any:
    return apply_import(kind=kind, table=table(text), now=NOW, **options)


def as_csv_file(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    return b"".join(write_csv(columns, rows))


def as_xlsx_file(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    file = io.BytesIO()
    write_xlsx(file, columns, rows)
    return file.getvalue()


HEAD = "key,campaign,kind,title,happened_on,organizations,targets,participants_count,sources\n"
ROW = "k1,amazon,petition,A petition,2018-05,ACLU,Amazon.com; Ring,1200,https://a.example/1\n"
CHANGES = "key,campaign,target,status,effective_on,summary,sources,quote\n"

"""A whole list is written as it is read: page by page, or not at all, and never seems complete."""

import csv
import io
import zlib
from typing import Any

import orjson
import pandas as pd
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.formats import csv_format, kinds, ndjson_format, xlsx_format
from api.prepared import Prepared
from tests.api.factories import V1
from tests.api.formats.tables import parsed
from tests.factories import make_action, make_campaign

pytestmark = pytest.mark.django_db

ROWS = 10
PAGE = 3


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = make_campaign()
    for _ in range(ROWS):
        make_action(campaign)
    for module in (csv_format, ndjson_format, xlsx_format):
        monkeypatch.setattr(module, "PAGE_SIZE", PAGE)
    # What PostgreSQL writes by itself is never in our memory.
    monkeypatch.setattr(csv_format, "_database_writes", lambda whole, cells: False)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each query of the list gave."""
    found: list[int] = []
    rows = Prepared.rows

    def counted(self: Prepared, values: object, *, limit: int | None = None) -> list[object]:
        read = rows(self, values, limit=limit)  # type: ignore[arg-type]
        if limit is not None:
            found.append(len(read))
        return read  # type: ignore[return-value]

    monkeypatch.setattr(Prepared, "rows", counted)
    return found


@pytest.mark.parametrize("name", ["csv", "ndjson"])
def test_the_first_bytes_come_before_the_list_was_read(
    client: Client, name: str, reads: list[int]
) -> None:
    answer: Any = client.get(f"{V1}/actions/?format={name}")
    chunks = iter(answer.streaming_content)
    assert reads == []
    assert next(chunks)
    assert len(reads) <= 1
    next(chunks)
    assert len(reads) <= 2
    list(chunks)
    # One row more than a page tells that there is another page.
    assert reads == [PAGE + 1, PAGE + 1, PAGE + 1, ROWS % PAGE]


@pytest.mark.parametrize("name", ["csv", "ndjson", "xlsx"])
def test_no_more_than_a_page_is_ever_in_memory(client: Client, name: str, reads: list[int]) -> None:
    client.get(f"{V1}/actions/?format={name}").getvalue()
    assert max(reads) == PAGE + 1
    assert sum(reads) == ROWS + 3


@pytest.mark.parametrize("name", ["csv", "ndjson", "xlsx"])
def test_head_says_the_same_and_reads_nothing(client: Client, name: str, reads: list[int]) -> None:
    got = client.get(f"{V1}/actions/?format={name}")
    got.getvalue()
    reads.clear()
    with CaptureQueriesContext(connection) as queries:
        head = client.head(f"{V1}/actions/?format={name}")
        assert head.getvalue() == b""
    assert head.status_code == 200
    for header in ("Content-Type", "Content-Disposition", "Vary"):
        assert head[header] == got[header]
    assert reads == []
    assert len(queries) <= (1 if name == "xlsx" else 0)  # a workbook's records are counted


@pytest.mark.parametrize("name", ["atom", "timeline"])
def test_head_of_what_is_short_has_its_length_and_no_body(client: Client, name: str) -> None:
    got = client.get(f"{V1}/actions/?format={name}")
    head = client.head(f"{V1}/actions/?format={name}")
    assert head.content == b""
    assert (head["ETag"], head["Content-Length"]) == (got["ETag"], str(len(got.content)))


class Broken(Exception):
    """The database is gone."""


def broken_answer(
    client: Client, name: str, monkeypatch: pytest.MonkeyPatch, **headers: str
) -> Any:
    """The answer of a server whose database fails on the second page."""
    rows = Prepared.rows
    pages: list[int] = []

    def failing(self: Prepared, values: object, *, limit: int | None = None) -> list[object]:
        if limit is not None:
            pages.append(limit)
        if len(pages) > 1:
            raise Broken
        return rows(self, values, limit=limit)  # type: ignore[arg-type, return-value]

    monkeypatch.setattr(Prepared, "rows", failing)
    answer = client.get(f"{V1}/actions/?format={name}", headers=headers)
    assert "Content-Length" not in answer
    return answer


def sent(answer: Any) -> bytes:
    """What was sent before the error, which must reach the server."""
    chunks: list[bytes] = []
    with pytest.raises(Broken):
        chunks.extend(answer.streaming_content)
    return b"".join(chunks)


def test_no_reader_takes_csv_that_broke_off_for_whole(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = sent(broken_answer(client, "csv", monkeypatch))
    assert b"Incomplete" in data.splitlines()[-1]
    with pytest.raises(csv.Error):
        parsed(data)
    with pytest.raises(pd.errors.ParserError):
        pd.read_csv(io.BytesIO(data))


def test_no_reader_takes_ndjson_that_broke_off_for_whole(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    *lines, last = sent(broken_answer(client, "ndjson", monkeypatch)).splitlines()
    assert len([orjson.loads(line) for line in lines]) == PAGE
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(last)


def test_a_workbook_is_sent_only_when_it_is_whole(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sent(broken_answer(client, "xlsx", monkeypatch)) == b""


def test_compressed_too_a_list_says_that_it_broke_off(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = broken_answer(client, "csv", monkeypatch, **{"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    data = sent(answer)
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert b"Incomplete" in reader.decompress(data)
    assert not reader.eof


def test_pages_inside_formats_are_as_long_as_documented() -> None:
    assert kinds.PAGE_SIZE == 500

"""The files of the data set: each is whole, says the same as the API, and can be opened."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import frictionless
import orjson
import pytest
from django.db import connection
from django.test import Client

from api.export import InconsistentData, export_data
from api.export.sqlite_file import write_database
from campaigns.models import StatusChange
from tests.api.export.exporting import SECRET, export, make_record
from tests.api.factories import RESOURCES, get
from tests.factories import NOW, make_change


def whole(client: Client, resource: str, format: str) -> bytes:
    """A list of the API in one of its formats."""
    answer = client.get(f"/api/v1/{resource}/", {"format": format})
    assert answer.status_code == 200
    return b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "followthrough.sqlite")) as database:
        return database.execute(sql).fetchall()


def test_lists_are_byte_for_byte_what_the_api_gives(exported: Path, client: Client) -> None:
    for resource in RESOURCES:
        for format in ("csv", "ndjson"):
            written = (exported / f"{resource}.{format}").read_bytes()
            assert written == whole(client, resource, format), f"{resource}.{format}"


def test_every_file_holds_as_many_records_as_the_api_counts(exported: Path, client: Client) -> None:
    package = json.loads((exported / "datapackage.json").read_bytes())
    said = {resource["name"]: resource.get("records") for resource in package["resources"]}
    for resource in RESOURCES:
        count = get(client, f"{resource}/", count="true")["count"]
        assert count > 0
        table = resource.replace("-", "_")
        lines = (exported / f"{resource}.ndjson").read_bytes().splitlines()
        assert len([orjson.loads(line) for line in lines]) == count
        assert len(rows_of(exported / f"{resource}.csv")) == count
        assert query(exported, f"SELECT count(*) FROM {table}") == [(count,)]
        assert said[resource] == said[f"{resource}-ndjson"] == count


def test_frictionless_finds_the_package_valid(exported: Path) -> None:
    report = frictionless.validate(str(exported / "datapackage.json"))
    assert report.flatten(["name", "message"]) == []
    assert report.valid
    assert {task.name for task in report.tasks} > set(RESOURCES)


def test_frictionless_notices_a_file_that_was_changed(exported: Path) -> None:
    with (exported / "bills.csv").open("ab") as file:
        file.write(b"\n")
    report = frictionless.validate(str(exported / "datapackage.json"))
    assert {task.name for task in report.tasks if not task.valid} == {"bills"}


def test_the_package_says_licence_date_and_place_in_the_feed(exported: Path) -> None:
    package = json.loads((exported / "datapackage.json").read_bytes())
    assert package["licenses"] == [
        {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}
    ]
    assert package["created"] == "2026-03-01T12:00:00Z"
    assert package["sequence"] == StatusChange.objects.public().count()
    assert package["feed"].endswith(f"/api/v1/status-changes/?after={package['sequence']}")
    assert str(package["sequence"]) in (exported / "README.txt").read_text(encoding="utf-8")
    for resource in package["resources"]:
        assert resource["title"]
        assert resource["description"]
        for described in resource.get("schema", {}).get("fields", []):
            assert described["description"], described["name"]


def test_checksums_are_those_of_all_files_but_their_own(exported: Path) -> None:
    lines = (exported / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: sha256 for sha256, name in (line.split("  ") for line in lines)}
    names = {path.name for path in exported.iterdir()}
    assert set(sums) == names - {"SHA256SUMS"}
    for name, sha256 in sums.items():
        assert hashlib.sha256((exported / name).read_bytes()).hexdigest() == sha256


def test_drafts_and_internal_fields_are_nowhere_in_the_bytes(exported: Path) -> None:
    for path in exported.iterdir():
        assert SECRET.encode() not in path.read_bytes().lower(), path.name


def test_the_database_has_typed_columns_and_texts_as_they_are(exported: Path) -> None:
    [action] = query(
        exported,
        "SELECT title, typeof(id), typeof(participants_count), happened_on, citation_quotes "
        "FROM actions WHERE participants_count IS NULL",
    )
    assert action == ('=1+1,"two"', "integer", "null", "2018-05-22", "@quoted")
    assert query(exported, "SELECT DISTINCT is_active FROM sources") == [(1,)]
    [[moment]] = query(exported, "SELECT min(recorded_at) FROM status_changes")
    assert moment == "2026-03-01T12:00:00.000000Z"
    [row] = [row for row in rows_of(exported / "actions.csv") if not row["participants_count"]]
    assert row["title"] == '\'=1+1,"two"'


def test_every_fact_in_the_database_is_joined_to_its_sources(
    exported: Path, client: Client
) -> None:
    for resource in ("actions", "responses", "outcomes", "status-changes", "positions"):
        table = resource.replace("-", "_")
        found = query(
            exported,
            f"SELECT f.id, c.quote, d.document_url FROM {table} f "
            f"JOIN citations c ON c.{table.removesuffix('s')}_id = f.id "
            "JOIN documents d ON d.id = c.document_id",
        )
        expected = [
            (item["id"], citation["quote"], citation["document_url"])
            for item in get(client, f"{resource}/")["results"]
            for citation in item["citations"]
        ]
        assert sorted(found) == sorted(expected)
    [[count]] = query(exported, "SELECT count(*) FROM citations")
    assert count >= 5


def test_the_database_refers_only_to_what_it_has_and_finds_words(exported: Path) -> None:
    assert query(exported, "PRAGMA foreign_key_check") == []
    references = query(exported, 'SELECT "from", "table" FROM pragma_foreign_key_list(\'targets\')')
    assert ("campaign_id", "campaigns") in references
    indexed = {name for [name] in query(exported, "SELECT name FROM sqlite_master")}
    assert "status_changes_target_id" in indexed
    found = query(
        exported,
        "SELECT a.id FROM actions a JOIN actions_fts ON actions_fts.rowid = a.id "
        "WHERE actions_fts MATCH 'emigre'",
    )
    assert len(found) == 1
    assert query(exported, "SELECT count(*) FROM actions_targets") == [(1,)]


def test_a_record_that_refers_to_what_is_not_there_stops_the_export(exported: Path) -> None:
    (exported / "followthrough.sqlite").unlink()
    (exported / "companies.ndjson").write_bytes(b"")
    with pytest.raises(InconsistentData, match="of companies that is not public"):
        write_database(exported, {})


def test_datasette_opens_the_database_and_answers_a_query(exported: Path) -> None:
    command = [sys.executable, "-m", "datasette", "serve", "--host", "127.0.0.1", "--port", "0"]
    command += ["--immutable", str(exported / "followthrough.sqlite")]
    command += ["--metadata", str(exported / "metadata.json")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in server.stderr)
            address = next(match[0] for match in found if match)
            with urlopen(f"{address}/followthrough/actions.json?_shape=array", timeout=30) as rows:
                assert len(json.load(rows)) == len(rows_of(exported / "actions.csv"))
            with urlopen(f"{address}/followthrough/actions", timeout=30) as page:
                text = page.read().decode()
            assert "CC-BY-4.0" in text
            assert "Day on which it happened." in text
        finally:
            server.terminate()


@pytest.mark.django_db(transaction=True)
def test_all_files_show_the_moment_at_which_the_export_began(tmp_path: Path) -> None:
    world = make_record()
    before = StatusChange.objects.public().count()

    def record_once(name: str, count: int) -> None:
        if name == "companies":
            writer = threading.Thread(target=record)
            writer.start()
            writer.join(timeout=30)

    def record() -> None:
        try:
            make_change(world.target, "met")
        finally:
            connection.close()

    made = export_data(folder=tmp_path / "data", now=NOW, tell=record_once)

    assert StatusChange.objects.public().count() == before + 1
    assert made.facts.sequence == before
    assert made.facts.counts["status-changes"] == before
    [target] = rows_of(tmp_path / "data" / "targets.csv")
    assert target["status"] == "paused"
    assert query(tmp_path / "data", "SELECT max(sequence) FROM status_changes") == [(before,)]


@pytest.mark.django_db(transaction=True)
def test_a_record_of_nothing_is_exported_as_well(tmp_path: Path) -> None:
    made = export(tmp_path / "data")
    assert (made.facts.sequence, set(made.facts.counts.values())) == (0, {0})
    assert frictionless.validate(str(tmp_path / "data" / "datapackage.json")).valid

"""The page of the data set, and its files."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from shutil import copytree

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.http import http_date
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker, Settings

from tests.api.export.exporting import export
from tests.factories import NOW, make_change
from tests.website.reading import read, text_of, texts_of

PACKAGE = "/data/datapackage.json"


@pytest.fixture(scope="module")
def exported(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """What was published of one status change, which is no longer in the database."""
    folder = tmp_path_factory.mktemp("exported")
    with django_db_blocker.unblock():
        make_change()
        export(folder / "data")
        call_command("flush", interactive=False, verbosity=0)
    return folder


@pytest.fixture
def folder(db: None, exported: Path, settings: Settings, tmp_path: Path) -> Path:
    """Where an export of one status change was published."""
    settings.DATA_DIR = tmp_path / "data"
    copytree(exported, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path / "data"


def body(client: Client, address: str) -> bytes:
    """What is streamed at an address."""
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.fixture
def nothing(settings: Settings, tmp_path: Path) -> None:
    """No export was ever made."""
    settings.DATA_DIR = tmp_path / "data"


@pytest.mark.usefixtures("nothing")
def test_without_an_export_the_page_says_so(client: Client) -> None:
    assert "No data set has been published yet" in text_of(read(client, "/data/"))
    assert client.get(PACKAGE).status_code == 404


def test_the_page_says_date_licence_place_in_the_feed_and_how_to_cite(
    client: Client, folder: Path
) -> None:
    page = read(client, "/data/")
    facts = " ".join(texts_of(page, ".facts dd"))
    assert "1 March 2026, 12:00 UTC" in facts
    assert "entry 1 of the feed" in facts
    assert "CC-BY-4.0" in facts
    assert "Followthrough, data set of 2026-03-01T12:00:00Z (entry 1)" in facts
    feed = "http://followthrough.test/api/v1/status-changes/?after=1"
    assert page.css_first(f'.facts a[href="{feed}"]') is not None


def test_the_page_lists_every_file_with_its_size_and_checksum_and_all_can_be_had(
    client: Client, folder: Path
) -> None:
    page = read(client, "/data/")
    addresses = [node.attributes["href"] or "" for node in page.css('a[href^="/data/"]')]
    files = [address for address in addresses if address != "/data/"]
    assert {address.removeprefix("/data/") for address in files} == {
        path.name for path in folder.iterdir()
    }
    for address in files:
        assert body(client, address) == (folder / address.removeprefix("/data/")).read_bytes()
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    shown = texts_of(page, "code")
    assert set(sums.values()) < set(shown)
    assert len(shown) == len(files)
    assert "1 record" in texts_of(page, "p.aside")


@pytest.mark.parametrize(
    ("name", "content_type", "is_shown"),
    [
        ("companies.csv", "text/csv; charset=utf-8", False),
        ("companies.ndjson", "application/x-ndjson", False),
        ("followthrough.sqlite", "application/vnd.sqlite3", False),
        ("datapackage.json", "application/json", True),
        ("README.txt", "text/plain; charset=utf-8", True),
        ("SHA256SUMS", "text/plain; charset=utf-8", True),
    ],
)
def test_a_file_has_its_type_its_length_and_validators(
    client: Client, folder: Path, name: str, content_type: str, is_shown: bool
) -> None:
    answer = client.get(f"/data/{name}")
    size = (folder / name).stat().st_size
    assert answer["Content-Type"] == content_type
    assert answer["Content-Length"] == str(size)
    assert answer["Content-Disposition"].startswith("inline" if is_shown else "attachment")
    assert f'filename="{name}"' in answer["Content-Disposition"]
    assert answer["Last-Modified"] == http_date(NOW.timestamp())
    assert len(b"".join(answer.streaming_content)) == size  # type: ignore[attr-defined]

    head = client.head(f"/data/{name}")
    assert head.content == b""
    for header in ("Content-Type", "Content-Length", "ETag", "Last-Modified"):
        assert head[header] == answer[header]


def test_what_did_not_change_is_not_sent_again(
    client: Client, transactional_db: None, folder: Path
) -> None:
    first = client.get(PACKAGE)
    first.close()
    known = {"If-None-Match": first["ETag"]}
    again = client.get(PACKAGE, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    since = client.get(PACKAGE, headers={"If-Modified-Since": first["Last-Modified"]})
    assert since.status_code == 304

    export(folder, NOW + dt.timedelta(days=1))

    changed = client.get(PACKAGE, headers=known)
    assert changed.status_code == 200
    package = json.loads(b"".join(changed.streaming_content))  # type: ignore[attr-defined]
    assert package["created"] == "2026-03-02T12:00:00Z"


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-7", -7, None), ("bytes=5-5", 5, 6)],
)
def test_a_broken_download_can_be_gone_on_with(
    client: Client, folder: Path, asked: str, start: int, stop: int | None
) -> None:
    whole = (folder / "followthrough.sqlite").read_bytes()
    answer = client.get("/data/followthrough.sqlite", headers={"Range": asked})
    expected = whole[start:stop]
    begin = len(whole) + start if start < 0 else start
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == expected  # type: ignore[attr-defined]
    assert answer["Content-Length"] == str(len(expected))
    end = begin + len(expected) - 1
    assert answer["Content-Range"] == f"bytes {begin}-{end}/{len(whole)}"


@pytest.mark.parametrize("asked", ["bytes=9-5", "bytes=-", "lines=1-2", "bytes=0-1,3-4", "bytes=x"])
def test_a_range_that_makes_no_sense_is_answered_with_all(
    client: Client, folder: Path, asked: str
) -> None:
    answer = client.get(PACKAGE, headers={"Range": asked})
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == (folder / "datapackage.json").read_bytes()  # type: ignore[attr-defined]


def test_a_part_of_another_version_is_never_sent(client: Client, folder: Path) -> None:
    answer = client.get(PACKAGE, headers={"Range": "bytes=5-", "If-Range": '"another"'})
    assert answer.status_code == 200
    answer.close()
    behind = client.get(PACKAGE, headers={"Range": "bytes=99999999-"})
    assert behind.status_code == 416
    assert behind["Content-Range"].startswith("bytes */")


@pytest.mark.parametrize(
    "name",
    ["..%2Fsecret", "..", "../secret", "secret", "%2E%2E%2Fdata.lock", "%00", "companies.CSV"],
)
def test_only_what_the_data_set_lists_leads_anywhere(
    client: Client, folder: Path, name: str
) -> None:
    (folder / "secret").write_text("not listed")
    (folder.parent / "secret").write_text("outside")
    assert client.get(f"/data/{name}").status_code in {404, 400, 301}
    assert client.get(f"/data/{name}", follow=True).status_code == 404


def test_page_and_files_ask_the_database_nothing(
    client: Client, folder: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get("/data/")
        client.get(PACKAGE).close()


def test_every_page_leads_to_the_data(client: Client) -> None:
    page = read(client, "/about/")
    assert page.css_first('header nav a[href="/data/"]') is not None
    assert page.css_first('footer a[href="/data/"]') is not None

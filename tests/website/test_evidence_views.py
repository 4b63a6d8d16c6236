"""Kept copies to be looked at, and as files for web archives."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from warcio.archiveiterator import ArchiveIterator

from outbound import background
from sources import evidence
from sources.models import Snapshot
from sources.services import remove_snapshot
from tests.factories import (
    NOW,
    make_action,
    make_campaign,
    make_change,
    make_citation_draft,
    make_document,
    make_target,
)
from tests.sources.factories import make_snapshot
from tests.website.reading import read, text_of

pytestmark = pytest.mark.django_db

PAGE = "<!doctype html><title>Policy</title><script>go()</script><p>née</p>".encode()
POLICY = {"sandbox", "default-src 'none'", "style-src 'unsafe-inline'", "img-src data:"}


@pytest.fixture(scope="module", autouse=True)
def children() -> object:
    """The children that clean pages end with the tests."""
    yield
    background.stop()


@pytest.fixture(autouse=True)
def evidence_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path
    return tmp_path


def cited(body: bytes = PAGE, content_type: str | None = "text/html") -> str:
    """The address of a copy that a public change cites; ``None`` for one without a snapshot."""
    kept = evidence.put(body)
    make_change(citations=[make_citation_draft(snapshot_hash=kept)])
    if content_type is not None:
        make_snapshot(
            body_hash=kept,
            content_type=content_type,
            headers=[["Content-Type", content_type], ["Server", "a"]],
        )
    return f"/evidence/{kept}/"


def test_a_page_can_be_looked_at_without_what_acts_in_it(client: Client) -> None:
    answer = client.get(cited() + "view/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert "<p>née</p>" in answer.content.decode()
    assert b"go()" not in answer.content
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert answer["X-DNS-Prefetch-Control"] == "off"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert "Content-Disposition" not in answer
    assert not answer.cookies


@pytest.mark.parametrize(
    ("body", "content_type", "shown"),
    [
        (b"<b>a</b>", "text/plain", "<b>a</b>"),
        ("née".encode("cp1252"), "text/plain; charset=iso-8859-1", "née"),
        (b'{"a": "<script>go()</script>"}', "application/json", '{"a": "<script>go()</script>"}'),
        (b"<rss><title>a</title></rss>", "application/rss+xml", "<rss><title>a</title></rss>"),
        (b"Just words.", None, "Just words."),
    ],
)
def test_what_is_no_page_is_shown_as_text(
    client: Client, body: bytes, content_type: str | None, shown: str
) -> None:
    answer = client.get(cited(body, content_type) + "view/")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == shown
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY


def test_a_page_of_which_no_visit_is_on_record_is_known_by_its_markup(client: Client) -> None:
    answer = client.get(cited(content_type=None) + "view/")
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert b"go()" not in answer.content


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 \xff\xfe", "application/pdf"),
        (b"a\x00b", "application/octet-stream"),
        (b"<div>" * 5000, "text/html"),
    ],
)
def test_what_cannot_be_shown_leads_to_the_copy(
    client: Client, body: bytes, content_type: str
) -> None:
    address = cited(body, content_type)
    answer = client.get(address + "view/")
    assert (answer.status_code, answer["Location"]) == (302, address)


def test_the_file_for_web_archives_holds_the_first_visit(client: Client) -> None:
    address = cited()
    first = Snapshot.objects.get()
    make_snapshot(body_hash=first.body_hash, taken_at=NOW.replace(year=2027))
    answer = client.get(address + "warc/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/warc"
    name = f"{first.body_hash}.warc.gz"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    info, response = _records(answer.content)
    assert info[0] == "warcinfo"
    assert response == ("response", first.final_url, "2026-03-01T12:00:00Z", "a", PAGE)


def _records(file: bytes) -> list[tuple[object, ...]]:
    return [
        (
            record.rec_type,
            record.rec_headers.get_header("WARC-Target-URI"),
            record.rec_headers.get_header("WARC-Date"),
            record.http_headers and record.http_headers.get_header("Server"),
            record.content_stream().read(),
        )
        for record in ArchiveIterator(io.BytesIO(file), check_digests="raise")
    ]


def test_without_a_visit_on_record_there_is_no_file_for_web_archives(client: Client) -> None:
    assert client.get(cited(content_type=None) + "warc/").status_code == 404


@pytest.mark.parametrize("way", ["view/", "warc/"])
def test_only_what_a_public_fact_cites_is_given_out(client: Client, way: str) -> None:
    kept = evidence.put(PAGE)
    make_snapshot(body_hash=kept)
    address = f"/evidence/{kept}/{way}"
    assert client.get(address).status_code == 404
    draft = make_campaign(is_public=False)
    make_change(make_target(draft), citations=[make_citation_draft(snapshot_hash=kept)])
    make_action(draft).citations.create(document=make_document(), snapshot_hash=kept)
    assert client.get(address).status_code == 404
    make_change(citations=[make_citation_draft(snapshot_hash=kept)])
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("way", ["view/", "warc/"])
def test_a_copy_that_is_damaged_missing_or_removed_is_not_given_out(
    way: str,
    evidence_folder: Path,
    admin_user: object,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client = Client(raise_request_exception=False)
    address = cited()
    [stored] = [path for path in evidence_folder.rglob("*") if path.is_file()]
    stored.write_bytes(b"something else")
    answer = client.get(address + way)
    assert answer.status_code == 500
    assert b"something else" not in answer.content
    stored.unlink()
    assert client.get(address + way).status_code == 404
    evidence.put(PAGE)
    assert client.get(address + way).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        remove_snapshot(
            snapshot=Snapshot.objects.get(),
            editor=admin_user,  # type: ignore[arg-type]
            reason="A name.",
            now=NOW,
        )
    assert client.get(address + way).status_code == 404


def test_a_citation_leads_to_all_forms_of_its_copy(client: Client) -> None:
    kept = evidence.put(PAGE)
    change = make_change(citations=[make_citation_draft(snapshot_hash=kept)])
    page = read(client, change.get_absolute_url())
    for way in ("", "view/", "warc/"):
        assert page.css_first(f'a[href="/evidence/{kept}/{way}"]') is not None
    text = text_of(page, ".citation figcaption").replace(" ,", ",")
    assert "kept copy" in text
    assert "look at it here" in text
    assert "as a file for web archives" in text


def test_a_citation_without_a_copy_links_none(client: Client) -> None:
    change = make_change(citations=[make_citation_draft()])
    page = read(client, change.get_absolute_url())
    assert page.css_first('a[href^="/evidence/"]') is None

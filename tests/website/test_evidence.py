"""Kept copies are given out as dead files, and only if a public fact stands on them."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from campaigns.models import Campaign, Citation, Outcome, Position, Response
from sources import evidence
from tests.factories import (
    make_action,
    make_bill,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db

PAGE = "<html><script>alert(1)</script>née</html>".encode()
ON = dt.date(2020, 1, 1)


@pytest.fixture(autouse=True)
def evidence_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path
    return tmp_path


def cited(body: bytes = PAGE) -> str:
    """The address of a copy that a public change cites."""
    kept = evidence.put(body)
    make_change(citations=[make_citation_draft(snapshot_hash=kept)])
    return f"/evidence/{kept}/"


def test_a_kept_page_comes_byte_for_byte_and_inert(client: Client) -> None:
    address = cited()
    answer = client.get(address)
    kept = hashlib.sha256(PAGE).hexdigest()
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{kept}.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    policy = set(answer["Content-Security-Policy"].split("; "))
    assert policy == {"default-src 'none'", "sandbox"}


@pytest.mark.parametrize("body", [b"%PDF-1.7 \xff\xfe", b"GIF89a\x00"])
def test_what_is_no_text_comes_as_bytes(client: Client, body: bytes) -> None:
    answer = client.get(cited(body))
    assert answer.content == body
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].endswith('.bin"')


@pytest.mark.parametrize("fact", ["action", "response", "outcome", "status_change", "position"])
def test_a_copy_is_given_out_only_for_a_public_fact(client: Client, fact: str) -> None:
    kept = evidence.put(PAGE)
    address = f"/evidence/{kept}/"
    assert client.get(address).status_code == 404
    draft = make_campaign(is_public=False)
    _cite(draft, fact, kept)
    # A company's position on a bill belongs to no campaign, and is always public.
    assert client.get(address).status_code == (200 if fact == "position" else 404)
    _cite(make_campaign(), fact, kept)
    assert client.get(address).status_code == 200


def _cite(campaign: Campaign, fact: str, kept: str) -> None:
    target = make_target(campaign, make_company())
    change = make_change(target, "paused", outcome=make_outcome_draft())
    facts: dict[str, object] = {
        "action": make_action(campaign),
        "response": Response.objects.create(
            target=target, kind="denial", summary="No", happened_on=ON
        ),
        "outcome": Outcome.objects.get(target=target),
        "status_change": change,
        "position": Position.objects.create(
            company=target.company, bill=make_bill(), stance="supports", taken_on=ON
        ),
    }
    Citation.objects.create(document=make_document(), snapshot_hash=kept, **{fact: facts[fact]})


@pytest.mark.parametrize("sha256", ["a" * 64, "A" * 64, "a" * 63, "..%2f..%2fetc%2fpasswd"])
def test_what_is_not_kept_or_no_hash_is_not_found(client: Client, sha256: str) -> None:
    make_change(citations=[make_citation_draft(snapshot_hash="a" * 64)])
    assert client.get(f"/evidence/{sha256}/").status_code == 404


def test_a_damaged_copy_is_not_given_out(evidence_folder: Path) -> None:
    address = cited()
    [stored] = [path for path in evidence_folder.rglob("*") if path.is_file()]
    stored.write_bytes(b"something else")
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == 500
    assert b"something else" not in answer.content

"""Kept copies cost something to give out, and nobody can have too many of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from sources import evidence
from tests.factories import make_change, make_citation_draft
from tests.sources.factories import make_snapshot

pytestmark = pytest.mark.django_db

COSTS = {"": 5, "view/": 20, "warc/": 10}


@pytest.fixture
def copy(settings: Settings, tmp_path: Path) -> str:
    """The address of a text that a public change cites."""
    settings.EVIDENCE_DIR = tmp_path
    settings.API_ANONYMOUS_PER_MINUTE = 40
    kept = evidence.put(b"We stop.")
    make_change(citations=[make_citation_draft(snapshot_hash=kept)])
    make_snapshot(body_hash=kept, content_type="text/plain")
    return f"/evidence/{kept}/"


@pytest.mark.parametrize("form", COSTS)
def test_a_copy_costs_more_than_a_request_and_says_what_is_left(
    client: Client, copy: str, form: str
) -> None:
    answer = client.get(copy + form)
    assert answer.status_code == 200
    assert answer["RateLimit"] == f'"anonymous";r={40 - COSTS[form]};t=60'
    assert answer["RateLimit-Policy"] == '"anonymous";q=40;w=60'


@pytest.mark.parametrize("form", COSTS)
def test_what_is_too_much_is_refused_before_anything_is_unpacked(
    client: Client, copy: str, form: str
) -> None:
    for _ in range(2):
        assert client.get(f"{copy}view/").status_code == 200
    evidence.path_of(copy.split("/")[2]).write_bytes(b"no copy")
    refused = client.get(copy + form)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["RateLimit"].startswith('"anonymous";r=0;')
    assert "Too many requests" in refused.content.decode()
    assert "noindex" in refused.content.decode()
    # Another network is let through, to what cannot be unpacked.
    with pytest.raises(evidence.DamagedEvidence):
        client.get(f"{copy}view/", REMOTE_ADDR="192.0.2.7")


def test_other_pages_are_not_counted(client: Client, copy: str) -> None:
    for _ in range(3):
        client.get(f"{copy}view/")
    for path in ("/", "/about/", "/robots.txt", "/nothing/"):
        answer = client.get(path)
        assert answer.status_code != 429
        assert "RateLimit" not in answer


def test_copies_and_the_api_share_one_quota(client: Client, copy: str) -> None:
    client.get(f"{copy}view/")
    assert client.get("/api/v1/topics/")["RateLimit"] == '"anonymous";r=19;t=60'


def test_who_is_logged_in_is_not_counted_and_who_only_says_so_is(copy: str) -> None:
    editor, liar = Client(), Client()
    editor.force_login(User.objects.create_user("editor"))
    liar.cookies["sessionid"] = "made up"
    for _ in range(3):
        assert editor.get(f"{copy}view/").status_code == 200
    answers = [liar.get(f"{copy}view/").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_without_a_session_a_copy_is_the_same_for_everybody(client: Client, copy: str) -> None:
    assert "cookie" not in client.get(copy).headers.get("Vary", "").lower()

"""“Try it” on the copies that are kept: what the edited rules would have made of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.demo.site import Site
from sources.kinds import SourceKind
from sources.models import Snapshot
from sources.services import trials
from tests.factories import NOW
from tests.sources.admin.trials import POLICY, RSS, address, form_of, keep
from tests.sources.factories import make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]


def judged(answer: Any) -> list[tuple[str, str, str]]:
    decisions = [row.decision for row in answer.context["trial"].judged]
    return [(one.result.value, one.cause or "", one.detail) for one in decisions]


def test_the_kept_copies_are_judged_by_the_edited_rules(admin_client: Client, site: Site) -> None:
    source = make_source(site.set("/policy", POLICY.replace("no police", "any police")))
    other_count = POLICY.replace("4,217", "5,001")
    for day, body in enumerate(
        [POLICY, other_count, POLICY.replace("<main>", "<div>"), POLICY.replace("no", "one")], 1
    ):
        keep(source, day, body)
    keep(source, 5, POLICY)
    Snapshot.objects.filter(taken_at__day=5).update(body_hash="0" * 64)
    edited = form_of(source, include="main", ignored=r"Signed by [\d,]+ people")
    found = judged(admin_client.post(address(source), edited))
    assert [result for result, _, _ in found] == [
        "baseline",
        "unchanged",
        "failed",
        "changed",
        "failed",
        "changed",
    ]
    assert found[2][1:] == ("selector_gone", "main")
    assert found[3][2] == "sentences: 1 new, 1 gone"
    assert "No copy is kept" in found[4][2]


def test_copies_of_a_feed_are_judged_one_after_the_other(admin_client: Client, site: Site) -> None:
    edited = RSS.replace("We stop selling it.", "We go on selling it, to everybody who asks us.")
    headers = {"Content-Type": "application/rss+xml"}
    more = edited.replace("</channel>", "<item><guid>c</guid><title>Third</title></item></channel>")
    source = make_source(site.set("/feed", more, headers=headers), kind=SourceKind.FEED)
    for day, body in enumerate([RSS, RSS + "\n", edited], 1):
        keep(source, day, body, headers["Content-Type"])
    found = judged(admin_client.post(address(source), form_of(source)))
    assert found == [
        ("baseline", "", ""),
        ("unchanged", "", ""),
        ("changed", "", "entries: 0 new, 1 edited"),
        ("changed", "", "entries: 1 new, 0 edited"),
    ]


def test_at_most_ten_copies_are_judged_and_only_while_a_person_would_wait(
    admin_client: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_source(site.set("/policy", POLICY))
    for day in range(1, 13):
        keep(source, day, POLICY)
    trial = admin_client.post(address(source), form_of(source)).context["trial"]
    assert [row.taken_at.day for row in trial.judged[:-1]] == list(range(3, 13))
    monkeypatch.setattr(trials, "MOST_SECONDS", -1.0)
    answer = admin_client.post(address(source), form_of(source))
    assert answer.context["trial"].judged == ()
    assert "10 copies were not read: it took too long." in answer.content.decode()


def test_removed_snapshots_are_left_alone(admin_client: Client, site: Site) -> None:
    source = make_source(site.set("/policy", POLICY))
    keep(source, 1, POLICY)
    Snapshot.objects.update(removed_at=NOW, removal_reason="Private", text="")
    assert admin_client.post(address(source), form_of(source)).context["trial"].judged == ()


def test_many_copies_take_no_more_queries_than_one(admin_client: Client, site: Site) -> None:
    source = make_source(site.set("/policy", POLICY))
    keep(source, 1, POLICY)
    admin_client.post(address(source), form_of(source))
    with CaptureQueriesContext(connection) as few:
        admin_client.post(address(source), form_of(source))
    for day in range(2, 8):
        keep(source, day, POLICY)
    with CaptureQueriesContext(connection) as many:
        admin_client.post(address(source), form_of(source))
    assert len(many) == len(few)

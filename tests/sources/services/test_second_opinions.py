"""Asking a language model about findings: a real server on loopback that answers as it likes."""

import datetime as dt
import json
import logging
import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.forms import model_to_dict
from django.test import Client
from pytest_django import Settings

from campaigns.models import StatusChange, Target
from config.celery import app
from sources import tasks
from sources.models import Finding, Review
from sources.services import ask_second_opinions, dismiss_finding, remove_snapshot
from sources.services.second_opinions import ANSWER_BYTES
from tests.factories import NOW, make_campaign, make_company, make_target
from tests.sources.factories import PASSAGE, make_snapshot
from tests.sources.opinions import AGREES, KEY, PATH, answers, read, says
from tests.sources.sites import WatchedSite

pytestmark = pytest.mark.django_db

SOON = NOW + dt.timedelta(minutes=1)


def state(finding: Finding) -> dict[str, Any]:
    finding.refresh_from_db()
    return model_to_dict(finding, exclude=["opinion_asked_at", "opinion_trouble"])


@pytest.fixture
def finding(amazon: Target) -> Finding:
    return read(amazon)


def test_an_answer_is_one_more_reason_and_nothing_else(
    model: WatchedSite, finding: Finding
) -> None:
    before, changes = state(finding), StatusChange.objects.count()
    assert ask_second_opinions(now=SOON) == 1
    after = state(finding)
    reason = "a second opinion (owl-7b) agrees: It puts a moratorium on it."
    assert after.pop("reasons") == [*before.pop("reasons"), reason]
    assert after == before
    assert (finding.opinion_asked_at, finding.opinion_trouble) == (SOON, "")
    assert not Review.objects.exists()
    assert StatusChange.objects.count() == changes
    # Once is enough.
    assert ask_second_opinions(now=SOON) == 0
    assert len(model.requests()) == 1


def test_the_model_is_told_what_it_needs_and_the_key_goes_in_the_header(
    model: WatchedSite, finding: Finding
) -> None:
    ask_second_opinions(now=SOON)
    [request] = model.requests()
    assert (request.method, request.path) == ("POST", PATH)
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in request.body.decode()
    body = json.loads(request.body)
    assert body["model"] == "owl-7b"
    assert json.loads(body["messages"][1]["content"]) == {
        "passage": PASSAGE,
        "before": "Our policy.\n\n",
        "after": "\n\nQuestions are welcome.",
        "company": "Amazon",
        "product": "Rekognition",
        "demand": "Stop selling face recognition to police",
        "status_on_record": "called_on",
        "proposed_status": "paused",
        "extends": False,
    }


def test_it_is_off_unless_an_address_is_given(
    model: WatchedSite, finding: Finding, settings: Settings
) -> None:
    settings.SECOND_OPINION_URL = ""
    assert ask_second_opinions(now=SOON) == 0
    assert model.requests() == []
    finding.refresh_from_db()
    assert finding.opinion_asked_at is None


@pytest.mark.parametrize("networks", [[], ["10.0.0.0/8"]])
def test_a_private_address_must_be_allowed_by_its_own_setting_and_is_told_to_the_operator_only(
    model: WatchedSite,
    finding: Finding,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    networks: list[str],
) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    settings.SECOND_OPINION_NETWORKS = networks
    with caplog.at_level(logging.WARNING):
        assert ask_second_opinions(now=SOON) == 0
    assert model.requests() == []
    finding.refresh_from_db()
    assert finding.opinion_trouble == "The host is not on the public internet."
    assert "127.0.0.1 is a loopback address" in caplog.text


@pytest.mark.parametrize(
    ("body", "status", "trouble"),
    [
        ("<html><script>alert(1)</script></html>", 200, "the answer is not JSON"),
        ("[" * 60_000, 200, "the answer is not JSON"),
        ("x" * (ANSWER_BYTES + 1), 200, "The answer is too large."),
        ('{"error": "overloaded"}', 503, "the answer is HTTP 503"),
        ("", 302, "the answer is HTTP 302"),
        ('{"choices": []}', 200, "the answer has no message"),
    ],
)
def test_a_broken_answer_leaves_the_finding_as_it_was_and_is_noted(
    model: WatchedSite,
    finding: Finding,
    caplog: pytest.LogCaptureFixture,
    body: str,
    status: int,
    trouble: str,
) -> None:
    answers(model, body, status)
    before = state(finding)
    with caplog.at_level(logging.WARNING):
        assert ask_second_opinions(now=SOON) == 0
    assert state(finding) == before
    assert trouble in finding.opinion_trouble
    assert f"Finding {finding.pk} got no second opinion" in caplog.text
    assert trouble in caplog.text
    assert KEY not in caplog.text
    assert "alert(1)" not in caplog.text
    assert ask_second_opinions(now=SOON) == 0
    assert len(model.requests()) == 1


def test_the_reviewer_reads_the_opinion_escaped_or_why_there_is_none(
    model: WatchedSite, finding: Finding, admin_client: Client
) -> None:
    address = f"/admin/sources/finding/{finding.pk}/change/"
    says(model, AGREES | {"why": "<img src=x onerror=alert(1)> Ignore the reviewer and publish."})
    ask_second_opinions(now=SOON)
    page = admin_client.get(address).content.decode()
    assert "agrees: &lt;img src=x onerror=alert(1)&gt; Ignore the reviewer" in page
    assert "<img src=x" not in page
    Finding.objects.update(opinion_trouble="the answer is <b>")
    assert "none: the answer is &lt;b&gt;" in admin_client.get(address).content.decode()


def test_an_answer_that_is_late_is_none_and_the_others_wait_for_the_next_tick(
    model: WatchedSite, amazon: Target, settings: Settings
) -> None:
    settings.SECOND_OPINION_SECONDS = 0.2
    first, second = read(amazon), read(amazon, snapshot=make_snapshot(), created_at=SOON)
    may_answer = threading.Event()

    def hesitate(path: str) -> None:
        may_answer.wait(10)

    model.before_answer = hesitate
    try:
        assert ask_second_opinions(now=SOON) == 0
    finally:
        may_answer.set()
    settings.SECOND_OPINION_SECONDS = 10
    assert ask_second_opinions(now=SOON) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.opinion_trouble == "The host took too long."
    assert len(first.reasons) == 1
    assert len(second.reasons) == 2


def test_a_server_that_refuses_is_not_asked_about_the_others_at_once(
    model: WatchedSite, amazon: Target
) -> None:
    answers(model, '{"error": "wrong key"}', 401)
    for _ in range(2):
        read(amazon, snapshot=make_snapshot())
    assert ask_second_opinions(now=SOON) == 0
    assert len(model.requests()) == 1


def test_of_one_visit_only_the_likeliest_are_asked_about(
    model: WatchedSite, amazon: Target, settings: Settings
) -> None:
    settings.SECOND_OPINIONS_PER_POLL = 2
    snapshot, other = make_snapshot(), make_snapshot()
    scores = {"refused": 0.5, "paused": 0.9, "met": 0.7, "partial": 0.6}
    for status, score in scores.items():
        read(amazon, snapshot=snapshot, proposed_status=status, score=score)
    read(amazon, snapshot=other, score=0.1)
    ask_second_opinions(now=SOON)
    ask_second_opinions(now=SOON)
    asked = Finding.objects.filter(opinion_asked_at__isnull=False)
    assert sorted(asked.values_list("score", flat=True)) == [0.1, 0.7, 0.9]
    assert len(model.requests()) == 3


def test_nothing_of_a_draft_is_sent_though_a_public_target_is_found_on_the_same_page(
    model: WatchedSite,
) -> None:
    campaign = make_campaign("Zebra", is_public=False)
    hidden = read(make_target(campaign, make_company("Zebra"), demand="Zebra"))
    public = read(make_target(), snapshot=hidden.snapshot)
    assert ask_second_opinions(now=SOON) == 1
    [request] = model.requests()
    assert "Zebra" not in request.body.decode()
    for finding, count in ((hidden, 1), (public, 2)):
        finding.refresh_from_db()
        assert len(finding.reasons) == count


@pytest.mark.parametrize("why", ["decided", "old", "read from no words", "removed"])
def test_nobody_is_asked_about_what_is(
    model: WatchedSite, amazon: Target, admin_user: User, why: str
) -> None:
    finding = read(amazon)
    if why == "decided":
        dismiss_finding(finding=finding, category="old_news", reviewer=None, now=NOW)
    elif why == "old":
        Finding.objects.update(created_at=NOW - dt.timedelta(days=2))
    elif why == "read from no words":
        Finding.objects.update(body_start=None, body_end=None)
    else:
        remove_snapshot(snapshot=finding.snapshot, editor=admin_user, reason="Private", now=NOW)
    assert ask_second_opinions(now=SOON) == 0
    assert model.requests() == []


def test_the_beat_knows_the_job_and_visits_do_not_wait_for_it() -> None:
    entries = {entry["task"] for entry in app.conf.beat_schedule.values()}
    name = tasks.ask_second_opinions.name
    assert name in entries
    router = app.amqp.router
    assert router.route({}, name)["queue"].name == "default"
    assert router.route({}, tasks.poll_batch.name)["queue"].name == "polling"


@pytest.mark.django_db(transaction=True)
def test_while_the_model_thinks_anybody_can_decide_and_the_decision_stands(
    model: WatchedSite, finding: Finding
) -> None:
    """No transaction is open meanwhile: SQLite would let nobody else write."""

    def decide(path: str) -> None:
        try:
            dismiss_finding(finding=finding, category="old_news", reviewer=None, now=SOON)
        finally:
            connection.close()

    model.before_answer = decide
    assert ask_second_opinions(now=SOON) == 0
    finding.refresh_from_db()
    assert finding.review.category == "old_news"
    assert len(finding.reasons) == 1
    assert finding.opinion_trouble == "it was decided before the answer came"

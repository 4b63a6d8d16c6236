"""The loop, step by step, each said as it happens.

A policy page is polled; it gains an announcement; the next poll finds it; an advocate accepts the
finding; the subscriber is mailed; the API and the pages show the change with its evidence.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.auth.models import User
from django.utils import timezone

from alerts.models import Delivery
from campaigns.formats import format_on
from campaigns.models import Campaign, Organization, StatusChange, Target, Topic
from campaigns.services import record_status_change
from campaigns.statuses import Status
from companies.models import Company, Product
from config.demo.mail_sink import Mail
from config.demo.pages import (
    COMPANY,
    EXEMPT,
    PASSAGE,
    PRODUCT,
    expiry,
    policy_page,
    policy_page_with_moratorium,
)
from config.demo.stage import Stage
from config.demo.visitor import Visitor
from sources.kinds import PollResult
from sources.models import Finding, Poll, Source, Watch

FOLLOWER = "follower@subscribers.example"
UNCONFIRMED = "unconfirmed@subscribers.example"
PATIENCE = 20.0
"""Seconds that a step may take, far above what it needs."""

T = TypeVar("T")


class StepFailed(Exception):
    """A step did not hold; ``str()`` says what was expected and what was found."""


@dataclass
class Scene:
    """What the steps share."""

    stage: Stage
    visitor: Visitor
    target: Target
    source: Source
    today: dt.date


def play(stage: Stage) -> str:
    """Play all steps. Returns what failed, or "" if all held."""
    try:
        scene = _open(stage)
        _subscribe(scene)
        _poll_baseline(scene)
        finding = _poll_change(scene)
        change = _accept(scene, finding)
        _read_mail(scene, change)
        _ask_api(scene, change)
        _read_pages(scene, change)
    except StepFailed as failure:
        return str(failure)
    return ""


def _say(text: str) -> None:
    print(f"  ✓ {text}", flush=True)


def _expect(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise StepFailed(f"{what}: expected {expected!r}, found {found!r}")


def _await(what: str, look: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise StepFailed(f"{what}: waited {PATIENCE:.0f} s in vain")


def _open(stage: Stage) -> Scene:
    print("\nAn advocate has a campaign, with one target and a source that is watched for it.")
    today = timezone.now().date()
    company = Company.objects.create(name=COMPANY, slug="argus-vision")
    product = Product.objects.create(company=company, name=PRODUCT)
    campaign = Campaign.objects.create(
        title="Keep face recognition from police", slug="keep-out", published_at=timezone.now()
    )
    campaign.organizations.add(
        Organization.objects.create(name="Open Streets", slug="open-streets")
    )
    topic = Topic.objects.create(name="Police face recognition", slug="police-face-recognition")
    campaign.topics.add(topic)
    target = Target.objects.create(
        campaign=campaign,
        company=company,
        product=product,
        demand="Stop selling face recognition to police",
    )
    record_status_change(
        target=target,
        to_status=Status.CALLED_ON,
        effective_on=today - dt.timedelta(days=90),
        is_silent=True,
        now=timezone.now(),
    )
    url = stage.site.set("/policy", policy_page(today))
    source = Source(name="Argus Vision: policy", slug="argus-policy", url=url)
    source.full_clean()
    source.save()
    Watch.objects.create(source=source, target=target)
    target.refresh_from_db()
    _say(f"{target}: {target.status} since {target.status_since}")
    _say(f"{url} is watched for it")
    return Scene(stage, Visitor(stage.origin), target, source, today)


def _subscribe(scene: Scene) -> None:
    print("\nTwo people ask for alerts; only one confirms.")
    address = f"/subscribe/?campaign={scene.target.campaign.slug}"
    for count, email in enumerate((FOLLOWER, UNCONFIRMED), start=1):
        Visitor(scene.stage.origin).submit(address, email=email)
        scene.stage.mail.wait_for(count, PATIENCE)
    [mail] = _mails_to(scene, FOLLOWER)
    link = re.search(rf"{re.escape(scene.stage.origin)}(/subscribe/confirm/\S+)", _text(mail))
    if link is None:
        raise StepFailed("the confirmation mail holds no link")
    scene.visitor.submit(link.group(1))
    _say(f"{FOLLOWER} has followed the link in “{mail.message['Subject']}”")
    _say(f"{UNCONFIRMED} has not")


def _poll_baseline(scene: Scene) -> None:
    print("\nThe page is polled for the first time.")
    poll = _next_poll(scene, after=0)
    _expect("the first poll", poll.result, PollResult.BASELINE)
    _expect("findings after the first poll", Finding.objects.count(), 0)
    _say(f"poll {poll.pk}: {poll.get_result_display()}, no finding")


def _poll_change(scene: Scene) -> Finding:
    print("\nThe page gains an announcement, amid changed dates, counters and related links.")
    scene.stage.site.set("/policy", policy_page_with_moratorium(scene.today))
    last = Poll.objects.latest("pk").pk
    Source.objects.filter(pk=scene.source.pk).update(next_poll_at=timezone.now())
    poll = _next_poll(scene, after=last)
    _expect("the second poll", poll.result, PollResult.CHANGED)
    _expect("findings after the second poll", Finding.objects.count(), 1)
    finding = Finding.objects.select_related("target__company").get()
    _expect("the finding's target", finding.target, scene.target)
    _expect("the proposed status", finding.proposed_status, Status.PAUSED)
    _expect("the expiry", finding.expires_on, expiry(scene.today))
    _expect("the passage names the moratorium", PASSAGE in finding.passage, True)
    _say(f"poll {poll.pk}: {poll.get_result_display()}, one finding, score {finding.score:.2f}")
    _expect("the exemptions", finding.exemptions, [EXEMPT])
    _say(f"proposed: {finding.proposed_status}, until {finding.expires_on}, except {EXEMPT}")
    _say(f"passage: “{finding.passage}”")
    for reason in finding.reasons:
        print(f"      because {reason}")
    return finding


def _next_poll(scene: Scene, after: int) -> Poll:
    polls = scene.source.polls.filter(pk__gt=after)
    return _await("a poll by the worker", polls.first)


def _accept(scene: Scene, finding: Finding) -> StatusChange:
    print("\nAn advocate accepts the finding in the admin.")
    password = secrets.token_urlsafe(12)
    User.objects.create_superuser("advocate", password=password)
    scene.visitor.submit("/admin/login/", username="advocate", password=password)
    page = f"/admin/sources/finding/{finding.pk}/change/"
    scene.visitor.submit(page, button="accept")
    change = StatusChange.objects.filter(to_status=Status.PAUSED).first()
    if change is None:
        raise StepFailed("accepting the finding recorded no status change")
    scene.target.refresh_from_db()
    _expect("the target's status", scene.target.status, Status.PAUSED)
    _expect("the target's expiry", scene.target.expires_on, expiry(scene.today))
    _say(f"number {change.sequence} of the log: {change}")
    return change


def _read_mail(scene: Scene, change: StatusChange) -> None:
    print("\nThe confirmed subscriber is told, once; the unconfirmed one is not.")
    scene.stage.mail.wait_for(3, PATIENCE)
    _, *alerts = _mails_to(scene, FOLLOWER)
    _expect("alerts to the confirmed subscriber", len(alerts), 1)
    _expect("mails to the unconfirmed one", len(_mails_to(scene, UNCONFIRMED)), 1)
    owed = list(Delivery.objects.values_list("subscriber__email", flat=True))
    _expect("all that was ever owed", owed, [FOLLOWER])
    [alert] = alerts
    for what in (PASSAGE, f"{scene.stage.origin}/changes/{change.pk}/"):
        _expect(f"the alert holds “{what}”", what in " ".join(_text(alert).split()), True)
    one_click = alert.message["List-Unsubscribe-Post"]
    _expect("one-click unsubscribe", one_click, "List-Unsubscribe=One-Click")
    _say(f"mail: “{alert.message['Subject']}”")


def _ask_api(scene: Scene, change: StatusChange) -> None:
    print("\nThe API knows today and the day before.")
    address = f"/api/v1/targets/{scene.target.pk}/"
    now = scene.visitor.get_json(address)
    day_before = scene.today - dt.timedelta(days=1)
    before = scene.visitor.get_json(f"{address}?as_of={day_before}")
    _expect("the status now", now["status"], Status.PAUSED)
    _expect("the status the day before", before["status"], Status.CALLED_ON)
    [citation] = scene.visitor.get_json(f"/api/v1/status-changes/{change.pk}/")["citations"]
    _expect("the citation's quote", PASSAGE in citation["quote"], True)
    _say(f"{address}: {now['status']}, expires {now['expires_on']}")
    _say(f"{address}?as_of={day_before}: {before['status']}")


def _read_pages(scene: Scene, change: StatusChange) -> None:
    print("\nThe public pages show it with its evidence.")
    citation = change.citations.get()
    page = scene.visitor.get(f"/changes/{change.pk}/")
    until = format_on(expiry(scene.today))
    for what in (PASSAGE, until, citation.document.url, f"/evidence/{citation.snapshot_hash}/"):
        _expect(f"the page of the change holds “{what}”", what in page, True)
    kept = scene.visitor.get(f"/evidence/{citation.snapshot_hash}/")
    _expect("the kept copy is the page as it was", PASSAGE in kept, True)
    campaign_page = scene.visitor.get(scene.target.campaign.get_absolute_url())
    _expect(
        "the campaign page links to the change", f"/changes/{change.pk}/" in campaign_page, True
    )
    _say(f"/changes/{change.pk}/ quotes the page; the kept copy is {citation.snapshot_hash[:12]}…")


def _mails_to(scene: Scene, address: str) -> list[Mail]:
    return [mail for mail in scene.stage.mail.mails() if address in mail.recipients]


def _text(mail: Mail) -> str:
    part = mail.message.get_body(preferencelist=("plain",))
    return str(part.get_content()) if part else ""

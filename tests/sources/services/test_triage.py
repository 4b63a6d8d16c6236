"""Who looks at a finding and when, and many dismissed at once."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission, User
from pytest_django import DjangoAssertNumQueries

from campaigns.models import Membership, Role, Target
from sources.errors import AlreadyReviewed, InvalidDeferral, NoReviewer, ReasonMissing
from sources.models import Finding, Review
from sources.services import (
    accept_finding,
    assign_finding,
    changes_of,
    defer_finding,
    dismiss_finding,
    dismiss_findings,
    noise_of_rules,
    noise_of_sources,
    open_finding,
    reviewers_of,
)
from tests.factories import NOW, make_organization
from tests.sources.factories import PASSAGE, make_finding, make_snapshot, make_source

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def finding(amazon: Target) -> Finding:
    return make_finding(amazon)


def member(finding: Finding, name: str, role: Role) -> User:
    user = User.objects.create_user(name)
    organization = make_organization(f"Friends of {name}")
    finding.target.campaign.shared_with.add(organization)
    Membership.objects.create(user=user, organization=organization, role=role)
    return user


def test_reviewers_are_editors_of_the_campaign_and_stewards_who_may(finding: Finding) -> None:
    for role in Role:
        member(finding, role.value, role)
    User.objects.create_superuser("root")
    User.objects.create_user("idle", is_staff=True)
    User.objects.create_superuser("gone", is_active=False)
    steward = User.objects.create_user("steward", is_staff=True)
    outsider = User.objects.create_user("outsider")
    for user in (steward, outsider):
        user.user_permissions.add(Permission.objects.get(codename="change_finding"))
    other = make_finding()
    member(other, "stranger", Role.MANAGER)
    assert [user.username for user in reviewers_of(finding)] == [
        *("editor", "manager", "root", "steward")
    ]


def test_a_finding_is_assigned_to_a_reviewer_only_and_can_be_taken_back(finding: Finding) -> None:
    editor = member(finding, "editor", Role.EDITOR)
    reader = member(finding, "reader", Role.MEMBER)
    assert assign_finding(finding=finding, assignee=editor).assigned_to == editor
    with pytest.raises(NoReviewer, match="reader may not review this"):
        assign_finding(finding=finding, assignee=reader)
    finding.refresh_from_db()
    assert finding.assigned_to == editor
    assign_finding(finding=finding, assignee=None)
    finding.refresh_from_db()
    assert finding.assigned_to is None


def test_a_deferred_finding_comes_back_on_its_day(finding: Finding) -> None:
    until = TODAY + 3 * DAY
    defer_finding(finding=finding, until=until, today=TODAY)
    for day, waits in ((TODAY, False), (until - DAY, False), (until, True)):
        assert Finding.objects.waiting(day).exists() == waits
        assert Finding.objects.deferred(day).exists() != waits
    assert Finding.objects.pending().exists()
    defer_finding(finding=finding, until=None, today=TODAY)
    assert Finding.objects.waiting(TODAY).exists()


def test_a_finding_is_not_deferred_to_today_or_before(finding: Finding) -> None:
    for until in (TODAY, TODAY - DAY):
        with pytest.raises(InvalidDeferral):
            defer_finding(finding=finding, until=until, today=TODAY)
    assert Finding.objects.waiting(TODAY).exists()


def test_what_is_reviewed_is_neither_assigned_nor_deferred_nor_opened(finding: Finding) -> None:
    editor = member(finding, "editor", Role.EDITOR)
    dismiss_finding(finding=finding, category="old_news", reviewer=editor, now=NOW)
    with pytest.raises(AlreadyReviewed):
        assign_finding(finding=finding, assignee=editor)
    with pytest.raises(AlreadyReviewed):
        defer_finding(finding=finding, until=TODAY + DAY, today=TODAY)
    open_finding(finding=finding, reader=editor, now=NOW)
    finding.refresh_from_db()
    assert (finding.assigned_to, finding.deferred_until, finding.opened_by) == (None, None, None)


def test_a_category_needs_no_words_but_something_else_does(finding: Finding) -> None:
    for category in ("other", "nonsense", ""):
        with pytest.raises(ReasonMissing):
            dismiss_finding(finding=finding, category=category, reviewer=None, now=NOW)
    review = dismiss_finding(finding=finding, category="page_noise", reviewer=None, now=NOW)
    assert (review.category, review.reason) == (Review.Category.PAGE_NOISE, "")


def test_many_are_dismissed_and_what_was_reviewed_meanwhile_stands(finding: Finding) -> None:
    rival = User.objects.create_user("rival")
    others = [make_finding(), make_finding()]
    accepted = accept_finding(finding=others[0], reviewer=rival, now=NOW)
    done = dismiss_findings(
        findings=[others[0], finding, others[1]], category="old_news", reviewer=None, now=NOW
    )
    assert {review.finding_id for review in done.dismissed} == {finding.pk, others[1].pk}
    [found] = done.found
    assert (found.reviewer, found.status_change) == (rival, accepted)
    assert Review.objects.filter(verdict="dismissed", category="old_news").count() == 2


def test_many_are_not_dismissed_without_a_reason(finding: Finding) -> None:
    with pytest.raises(ReasonMissing):
        dismiss_findings(findings=[finding], category="other", reason=" ", reviewer=None, now=NOW)
    assert not Review.objects.exists()


def test_noise_is_counted_by_source_and_rule_most_dismissed_first(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    noisy, quiet = make_source(name="Noisy"), make_source(name="Quiet")
    for category in ("old_news", "page_noise", "page_noise"):
        row = make_finding(snapshot=make_snapshot(noisy), rule="'halt' → paused")
        dismiss_finding(finding=row, category=category, reviewer=None, now=NOW)
    accept_finding(
        finding=make_finding(snapshot=make_snapshot(noisy), rule="'stop' → met"),
        reviewer=None,
        now=NOW,
    )
    make_finding(snapshot=make_snapshot(quiet))
    with django_assert_num_queries(2):
        by_source = noise_of_sources(Finding.objects.all())
        by_rule = noise_of_rules(Finding.objects.all())
    first, second = by_source
    assert (first.name, first.key, first.dismissed, first.accepted) == ("Noisy", noisy.pk, 3, 1)
    assert (first.dismissed_percent, first.pending) == (75, 0)
    assert first.by_category == (("page_noise", 2), ("old_news", 1))
    assert (second.name, second.pending, second.dismissed_percent) == ("Quiet", 1, None)
    assert [(line.name, line.dismissed) for line in by_rule] == [
        *(("'halt' → paused", 3), ("", 0), ("'stop' → met", 0))
    ]


def test_what_changed_is_told_from_the_snapshot_before(amazon: Target) -> None:
    source = make_source()
    before = make_snapshot(source, "Our policy.\n\nWe sell.\n\nEnd.", taken_at=NOW - DAY)
    finding = make_finding(
        amazon, make_snapshot(source, f"Our policy.\n\nWe sell. {PASSAGE}\n\nEnd.")
    )
    compared = changes_of(finding)
    assert compared is not None
    assert compared.since == before
    assert compared.changes is not None
    assert [p.text.strip() for p in compared.changes.pieces if p.kind == "added"] == [PASSAGE]


@pytest.mark.parametrize("other", [{"rules_hash": "other"}, {"taken_at": NOW + DAY}])
def test_nothing_is_compared_with_what_was_read_otherwise_or_later(
    amazon: Target, other: dict[str, object]
) -> None:
    finding = make_finding(amazon)
    make_snapshot(finding.snapshot.source, "Before.", **({"taken_at": NOW - DAY} | other))
    assert changes_of(finding) is None

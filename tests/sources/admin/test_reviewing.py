"""Working through the queue of findings in the admin."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import Membership, Role
from sources.models import Finding, Review
from sources.services import dismiss_finding
from tests.factories import NOW, make_campaign, make_organization, make_target
from tests.sources.admin.desk import LIST, address, form_of
from tests.sources.factories import PASSAGE, make_finding, make_snapshot

pytestmark = pytest.mark.django_db

DISMISS = {"action": "dismiss", "category": "old_news"}
MINE = "?_changelist_filters=assigned%3Dme"


def content(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def queue(*, count: int) -> list[Finding]:
    """Pending findings in the order of the list: the newest first."""
    day = dt.timedelta(days=1)
    return [make_finding(created_at=NOW - number * day) for number in range(count)]


def test_after_a_decision_the_next_finding_opens_and_at_last_the_list(admin_client: Client) -> None:
    first, second, third = queue(count=3)
    assert "2 of 3" in content(admin_client, address(second))
    assert admin_client.post(address(second), DISMISS)["Location"] == address(third)
    # The end of the list is no end while something waits before it.
    assert admin_client.post(address(third), DISMISS)["Location"] == address(first)
    assert admin_client.post(address(first), DISMISS)["Location"] == LIST


def test_the_filters_of_the_list_are_kept_on_the_way(
    admin_client: Client, admin_user: User
) -> None:
    findings = queue(count=4)
    for finding in (findings[0], findings[2]):
        finding.assigned_to = admin_user
        finding.save()
    link = LexborHTMLParser(content(admin_client, f"{LIST}?assigned=me")).css(
        "#result_list tbody th a"
    )
    assert [a.attributes["href"] for a in link] == [
        f"{address(findings[0])}{MINE}",
        f"{address(findings[2])}{MINE}",
    ]
    page = content(admin_client, f"{address(findings[0])}{MINE}")
    assert "1 of 2" in page
    assert f'href="{LIST}?assigned=me"' in page
    answer = admin_client.post(f"{address(findings[0])}{MINE}", DISMISS)
    assert answer["Location"] == f"{address(findings[2])}{MINE}"
    answer = admin_client.post(f"{address(findings[2])}{MINE}", DISMISS)
    assert answer["Location"] == f"{LIST}?assigned=me"


def test_filters_that_are_refused_do_not_break_the_page(
    admin_client: Client, finding: Finding
) -> None:
    broken = f"{address(finding)}?_changelist_filters=target__demand__startswith%3DStop"
    assert admin_client.get(broken).status_code == 200


def test_what_the_second_reviewer_typed_is_not_lost(admin_client: Client, finding: Finding) -> None:
    data = form_of(admin_client, finding, "accept") | {"summary": "A year without police."}
    rival = User.objects.create_user("rival")
    dismiss_finding(finding=finding, category="on_record", reviewer=rival, now=NOW)
    page = admin_client.post(address(finding), data).content.decode()
    assert "rival reviewed this finding" in page
    assert "already on record" in page
    assert "A year without police." in page
    assert page.count('class="finding-typed"') == 1


def test_who_else_has_it_open_is_told_for_half_an_hour(
    admin_client: Client, finding: Finding
) -> None:
    rival = User.objects.create_superuser("rival")
    client = Client()
    client.force_login(rival)
    client.get(address(finding))
    assert "rival opened this 0 minutes ago." in content(admin_client, address(finding))
    assert "opened this" not in content(admin_client, address(finding))
    finding.refresh_from_db()
    finding.opened_by, finding.opened_at = rival, timezone.now() - dt.timedelta(minutes=31)
    finding.save()
    assert "opened this" not in content(admin_client, address(finding))


def test_who_may_only_look_opens_nothing(finding: Finding) -> None:
    organization = make_organization()
    finding.target.campaign.shared_with.add(organization)
    user = User.objects.create_user("member")
    Membership.objects.create(user=user, organization=organization, role=Role.MEMBER)
    client = Client()
    client.force_login(user)
    assert client.get(address(finding)).status_code == 200
    finding.refresh_from_db()
    assert finding.opened_by is None
    for action in ("assign_to_me", "defer", "undefer", "assign"):
        assert client.post(address(finding), {"action": action}).status_code == 403


def test_a_finding_is_taken_deferred_and_found_again(
    admin_client: Client, admin_user: User, finding: Finding
) -> None:
    assert admin_client.post(address(finding), {"action": "assign_to_me"})["Location"] == address(
        finding
    )
    later = timezone.localdate() + dt.timedelta(days=10)
    data = form_of(admin_client, finding, "defer") | {"until": later.isoformat()}
    assert admin_client.post(address(finding), data)["Location"] == LIST
    finding.refresh_from_db()
    assert (finding.assigned_to, finding.deferred_until) == (admin_user, later)
    for query, count in (
        ("", 0),
        ("state=deferred", 1),
        ("state=deferred&assigned=me", 1),
        ("state=deferred&assigned=nobody", 0),
    ):
        assert admin_client.get(f"{LIST}?{query}").context["cl"].result_count == count, query
    admin_client.post(address(finding), {"action": "undefer"})
    assert admin_client.get(LIST).context["cl"].result_count == 1


def test_a_past_day_is_refused_with_its_reason(admin_client: Client, finding: Finding) -> None:
    data = {"action": "defer", "until": "2020-01-01"}
    assert "Choose a day after today." in admin_client.post(address(finding), data).content.decode()


def test_nobody_is_assigned_who_may_not_review(admin_client: Client, finding: Finding) -> None:
    stranger = User.objects.create_user("stranger")
    data = {"action": "assign", "assignee": stranger.pk}
    assert "Nothing was recorded." in admin_client.post(address(finding), data).content.decode()
    finding.refresh_from_db()
    assert finding.assigned_to is None


def test_many_are_dismissed_from_the_list_and_those_reviewed_meanwhile_are_named(
    admin_client: Client,
) -> None:
    first, second, third = queue(count=3)
    rival = User.objects.create_user("rival")
    dismiss_finding(finding=second, category="on_record", reviewer=rival, now=NOW)
    data = {
        "action": "dismiss_chosen",
        "_selected_action": [first.pk, second.pk, third.pk],
        "category": "page_noise",
    }
    answer = admin_client.post(f"{LIST}?state=all", data, follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert said[0] == "2 findings dismissed."
    assert str(second) in said[1]
    assert "rival reviewed this finding" in said[1]
    assert Review.objects.filter(category="page_noise").count() == 2


@pytest.mark.parametrize("across", ["0", "1"])
def test_many_are_not_dismissed_without_a_reason_and_what_was_chosen_and_typed_is_kept(
    admin_client: Client, across: str
) -> None:
    findings = queue(count=3)
    data = {
        "action": "dismiss_chosen",
        "_selected_action": [row.pk for row in findings[:2]],
        "select_across": across,
        "category": "",
        "reason": "The same namesake",
        "index": 0,
    }
    page = LexborHTMLParser(admin_client.post(LIST, data).content)
    assert not Review.objects.exists()

    kept: dict[str, Any] = {"_selected_action": []}
    for field in page.css(".finding-form input[name]"):
        name, value = field.attributes["name"] or "", field.attributes.get("value") or ""
        if name == "_selected_action":
            kept[name].append(value)
        else:
            kept[name] = value
    assert kept["reason"] == "The same namesake"
    admin_client.post(LIST, kept | {"category": "other_company"})
    reviewed = Review.objects.filter(category="other_company", reason="The same namesake")
    assert {review.finding for review in reviewed} == set(
        findings if across == "1" else findings[:2]
    )


def test_another_organizations_findings_are_not_dismissed_nor_counted() -> None:
    organization = make_organization()
    ours, theirs = make_campaign("Ours"), make_campaign("Theirs")
    ours.shared_with.add(organization)
    mine = make_finding(make_target(ours), rule="'halt' → paused")
    other = make_finding(make_target(theirs), rule="'secret' → met")
    user = User.objects.create_user("editor")
    Membership.objects.create(user=user, organization=organization, role=Role.EDITOR)
    client = Client()
    client.force_login(user)
    data = {
        "action": "dismiss_chosen",
        "_selected_action": [mine.pk, other.pk],
        "category": "old_news",
    }
    client.post(LIST, data)
    assert list(Review.objects.values_list("finding", flat=True)) == [mine.pk]
    page = content(client, f"{LIST}noise/")
    assert "halt" in page
    assert "secret" not in page


def test_the_words_that_changed_are_shown_and_escaped(admin_client: Client) -> None:
    evil = "<script>alert(1)</script>"
    finding = make_finding(snapshot=make_snapshot(text=f"Start.\n\n{evil} {PASSAGE}\n\nEnd."))
    make_snapshot(
        finding.snapshot.source,
        "Start.\n\nNothing sold.\n\nEnd.",
        taken_at=NOW - dt.timedelta(days=1),
    )
    page = LexborHTMLParser(content(admin_client, address(finding)))
    [shown] = page.css(".finding-changes")
    assert [node.text() for node in shown.css("del")] == ["Nothing sold."]
    assert [node.text() for node in shown.css("ins")] == [f"{evil} {PASSAGE}"]
    assert not shown.css("script")


def test_noise_leads_to_the_findings_that_it_counts(admin_client: Client) -> None:
    for category in ("old_news", "old_news", "page_noise"):
        row = make_finding(rule="'halt' → paused")
        dismiss_finding(finding=row, category=category, reviewer=None, now=NOW)
    make_finding(rule="'halt' → paused")
    make_finding()
    page = LexborHTMLParser(content(admin_client, f"{LIST}noise/"))
    links = page.css(".finding-noise td a")
    assert len(links) == 3 * 2 + 2 + 4 + 1
    for link in links:
        count = int((link.text() or "").rpartition(" ")[2])
        answer = admin_client.get(link.attributes["href"] or "")
        assert answer.context["cl"].result_count == count, link.html


def test_noise_and_a_review_take_as_many_queries_for_many_as_for_one(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, *_rest = queue(count=5)
    with django_assert_num_queries(6):
        assert admin_client.get(f"{LIST}noise/").status_code == 200
    with django_assert_num_queries(15):
        assert admin_client.get(address(first)).status_code == 200

"""The founding story: every fact that the article reports is on record, with its source."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

from campaigns.models import (
    Action,
    Bill,
    Campaign,
    Citation,
    Position,
    Response,
    StatusChange,
    Target,
)
from campaigns.services import load_story
from companies.models import Company
from tests.factories import NOW
from tests.holding import held

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

story = held(lambda: load_story(now=NOW))


def target(company: str, campaign: str = "stop-selling-face-recognition-to-police") -> Target:
    return Target.objects.get(company__slug=company, campaign__slug=campaign)


def history(of: Target) -> list[tuple[str | None, str]]:
    changes = of.status_changes.in_effect().order_by("effective_on", "sequence")
    return [(change.to_status, change.effective_on.isoformat()) for change in changes]


def test_amazon_was_asked_refused_paused_for_a_year_and_extended_without_end() -> None:
    amazon = target("amazon")

    assert history(amazon) == [
        ("called_on", "2018-05-22"),
        ("refused", "2018-06-01"),
        ("paused", "2020-06-10"),
        ("paused", "2021-05-18"),
    ]
    assert (amazon.status_since, amazon.expires_on) == (dt.date(2020, 6, 10), None)
    letter = Action.objects.get(kind="open_letter")
    refusal = Response.objects.get(kind="refusal")
    assert refusal.answers == letter
    assert "Acceptable Use Policy" in refusal.summary


def test_amazons_moratorium_has_its_expiry_condition_and_three_exemptions() -> None:
    moratorium = target("amazon").outcomes.get(supersedes=None)

    assert moratorium.expires_on == dt.date(2021, 6, 10)
    assert "Congress" in moratorium.condition
    assert [exemption.name for exemption in moratorium.exemptions.all()] == [
        "Thorn",
        "International Center for Missing and Exploited Children",
        "Marinus Analytics",
    ]


def test_ibm_left_the_business_for_all_customers() -> None:
    ibm = target("ibm")

    assert (ibm.status, ibm.status_since) == ("met", dt.date(2020, 6, 8))
    assert ibm.outcome is not None
    assert (ibm.outcome.kind, ibm.outcome.scope) == ("exit", "All customers")


def test_google_is_named_as_on_the_right_side_and_microsoft_is_urged_to_join() -> None:
    statement = Action.objects.get(organizations__slug="aclu-northern-california")

    assert [item.company.name for item in statement.targets.all()] == ["Microsoft"]
    assert target("google").status == "paused"
    quotes = Citation.objects.filter(status_change__target=target("google"))
    assert any("IBM, Google, and Amazon" in citation.quote for citation in quotes)


def test_microsofts_support_of_the_california_bill_is_a_row() -> None:
    position = Position.objects.get()

    assert (position.company.name, position.stance) == ("Microsoft", "supports")
    assert position.bill == Bill.objects.get(identifier="AB 2261", status="paused")
    assert position.citations.exists()


def test_microsoft_made_a_conditional_commitment() -> None:
    microsoft = target("microsoft")

    assert history(microsoft) == [("called_on", "2020-06-10"), ("paused", "2020-06-11")]
    assert microsoft.outcome is not None
    assert "national law" in microsoft.outcome.condition


def test_the_250_signatories_are_a_number() -> None:
    letter = Action.objects.get(kind="employee_letter")

    assert letter.participants_count == 250
    assert target("microsoft", "cancel-microsofts-police-contracts").status == "called_on"


def test_ring_is_amazons_and_its_denial_changed_no_status() -> None:
    ring = Company.objects.get(slug="ring")
    denial = Response.objects.get(kind="denial")

    assert ring.parent == Company.objects.get(slug="amazon")
    assert denial.target.company == ring
    assert history(denial.target) == [
        ("called_on", "2020-06-01"),
        ("partial", "2024-01-24"),
        ("reversed", "2025-01-01"),
        ("partial", "2026-02-12"),
    ]


def test_every_fact_names_a_source_with_a_short_quote() -> None:
    for model in (Action, Response, StatusChange, Position):
        assert not model._default_manager.filter(citations=None).exists()
    assert not Citation.objects.filter(quote="").exists()
    assert max(len(citation.quote.split()) for citation in Citation.objects.all()) <= 40


def test_it_is_public_and_alerts_nobody() -> None:
    assert not Campaign.objects.filter(published_at=None).exists()
    assert not StatusChange.objects.filter(is_silent=False).exists()


def test_loading_it_again_creates_nothing_and_keeps_what_was_edited() -> None:
    Campaign.objects.filter(slug="end-rings-police-partnerships").update(title="Renamed")
    size = StatusChange.objects.count()

    assert load_story(now=NOW) == {}
    assert StatusChange.objects.count() == size
    assert Campaign.objects.filter(title="Renamed").exists()


def test_the_command_can_leave_a_database_in_use_alone() -> None:
    Response.objects.get(kind="denial").delete()
    output = io.StringIO()

    call_command("load_story", "--if-empty", stdout=output)

    assert output.getvalue() == ""
    assert not Response.objects.filter(kind="denial").exists()

"""Reviewing findings: accept, link, dismiss."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User

from campaigns.errors import InvalidDate, InvalidStatusChange
from campaigns.models import Citation, Document, Outcome, StatusChange, Target
from campaigns.models.evidence import QUOTE_LENGTH
from campaigns.services import merge_documents
from campaigns.statuses import Status
from sources.errors import AlreadyRecorded, AlreadyReviewed, ReasonMissing, WrongTarget
from sources.models import Finding, Review
from sources.services import Proposal, accept_finding, dismiss_finding, link_finding
from tests.factories import NOW, make_change, make_document, make_outcome_draft
from tests.sources.factories import PASSAGE, make_finding, make_snapshot, make_source

pytestmark = pytest.mark.django_db

NO_TERMS: dict[str, Any] = {"terms": "", "expires_on": None, "exemptions": ()}
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor")


@pytest.fixture
def finding(amazon: Target) -> Finding:
    """A one-year moratorium of Amazon, with exemptions."""
    return make_finding(
        amazon,
        effective_on=dt.date(2020, 6, 10),
        expires_on=dt.date(2021, 6, 10),
        exemptions=["Thorn", "Marinus Analytics"],
        published_on=dt.date(2020, 6, 10),
    )


def nothing_was_written(finding: Finding) -> bool:
    return (
        not Review.objects.exists()
        and StatusChange.objects.filter(target=finding.target).count() == 1
        and not Outcome.objects.exists()
        and not Document.objects.exists()
    )


def test_accepting_records_what_the_finding_says(finding: Finding, editor: User) -> None:
    change = accept_finding(finding=finding, reviewer=editor, now=LATER)
    assert (change.from_status, change.to_status) == (Status.CALLED_ON, Status.PAUSED)
    assert (change.effective_on, change.recorded_at) == (dt.date(2020, 6, 10), LATER)
    assert (change.recorded_by, change.is_silent) == (editor, False)
    outcome = change.outcome
    assert outcome is not None
    assert (outcome.kind, outcome.terms) == (Outcome.Kind.MORATORIUM, PASSAGE)
    assert outcome.expires_on == dt.date(2021, 6, 10)
    assert [exemption.name for exemption in outcome.exemptions.all()] == [
        "Thorn",
        "Marinus Analytics",
    ]
    finding.target.refresh_from_db()
    assert finding.target.status == Status.PAUSED
    review = Review.objects.get(finding=finding)
    assert (review.verdict, review.reviewer) == (Review.Verdict.ACCEPTED, editor)
    assert (review.reviewed_at, review.status_change) == (LATER, change)
    assert not Finding.objects.pending().exists()


def test_the_passage_and_the_kept_page_are_cited(finding: Finding, editor: User) -> None:
    change = accept_finding(finding=finding, reviewer=editor, now=LATER)
    citation = change.citations.get()
    assert citation.quote == PASSAGE
    assert citation.snapshot_hash == finding.snapshot.body_hash
    document = citation.document
    assert (document.url, document.title) == (finding.url, "Our policy")
    assert document.publisher == finding.snapshot.source.name
    assert document.published_on == dt.date(2020, 6, 10)


def test_a_page_that_names_its_publisher_is_cited_as_published_by_it(amazon: Target) -> None:
    finding = make_finding(amazon, publisher="Amazon News")
    change = accept_finding(finding=finding, reviewer=None, now=LATER)
    assert change.citations.get().document.publisher == "Amazon News"


def test_a_document_on_record_is_cited_again(finding: Finding) -> None:
    document = make_document(url=finding.url)
    change = accept_finding(finding=finding, reviewer=None, now=LATER)
    assert change.citations.get().document == document


def test_a_quote_is_never_longer_than_may_be_quoted(amazon: Target) -> None:
    passage = "We pause sales to the police. " * 40
    finding = make_finding(
        amazon, make_snapshot(text=f"{passage}\n\nEnd."), passage=passage.strip()
    )
    quote = accept_finding(finding=finding, reviewer=None, now=LATER).citations.get().quote
    assert QUOTE_LENGTH - 10 < len(quote) <= QUOTE_LENGTH
    assert passage.startswith(quote + " ")


def test_an_edited_proposal_is_recorded_in_place_of_the_finding(
    finding: Finding, editor: User
) -> None:
    edited = replace(
        Proposal.of_finding(finding),
        status=Status.PARTIAL,
        effective_on=dt.date(2020, 6, 1),
        effective_precision="month",
        expires_on=None,
        exemptions=(),
        condition="until Congress acts",
        terms="No sales to city police",
        summary="Amazon gives in, in part.",
    )
    change = accept_finding(
        finding=finding, reviewer=editor, now=LATER, proposal=edited, is_silent=True
    )
    assert (change.to_status, change.summary) == (Status.PARTIAL, "Amazon gives in, in part.")
    assert (change.effective_on, change.effective_precision) == (dt.date(2020, 6, 1), "month")
    assert change.is_silent
    assert change.outcome is not None
    assert change.outcome.kind == Outcome.Kind.POLICY_CHANGE
    assert change.outcome.terms == "No sales to city police"
    assert change.outcome.condition == "until Congress acts"
    assert change.outcome.expires_on is None
    assert not change.outcome.exemptions.exists()


@pytest.mark.parametrize(
    ("status", "fields", "kind"),
    [
        (Status.PAUSED, {"expires_on": dt.date(2030, 6, 10)}, Outcome.Kind.MORATORIUM),
        (Status.PAUSED, {"condition": "until there is a law"}, Outcome.Kind.CONDITIONAL_HALT),
        (Status.PAUSED, {}, Outcome.Kind.MORATORIUM),
        (Status.COMMITTED, {}, Outcome.Kind.PLEDGE),
        (Status.MET, {}, Outcome.Kind.POLICY_CHANGE),
        (Status.MANDATED, {}, Outcome.Kind.LEGAL_DUTY),
        (Status.SETTLED, {}, Outcome.Kind.AGREEMENT),
        (Status.PARTIAL, {}, Outcome.Kind.POLICY_CHANGE),
    ],
)
def test_what_was_conceded_becomes_an_outcome_of_its_kind(
    amazon: Target, status: str, fields: dict[str, Any], kind: str
) -> None:
    finding = make_finding(amazon, proposed_status=status, **fields)
    change = accept_finding(finding=finding, reviewer=None, now=LATER)
    assert change.outcome is not None
    assert change.outcome.kind == kind


@pytest.mark.parametrize("status", [Status.REFUSED, Status.UNDER_REVIEW, Status.IN_COURT])
def test_where_nothing_was_conceded_there_is_no_outcome(amazon: Target, status: str) -> None:
    finding = make_finding(amazon, proposed_status=status, exemptions=["Thorn"])
    assert accept_finding(finding=finding, reviewer=None, now=LATER).outcome is None


def test_a_finding_without_a_date_counts_from_its_publication(amazon: Target) -> None:
    dated = Proposal.of_finding(make_finding(amazon, published_on=dt.date(2020, 6, 9)))
    assert dated.effective_on == dt.date(2020, 6, 9)
    undated = Proposal.of_finding(make_finding(amazon))
    assert undated.effective_on == NOW.date()


def test_an_extension_is_recorded_as_one(amazon: Target) -> None:
    first = make_change(amazon, Status.PAUSED, dt.date(2020, 6, 10), outcome=make_outcome_draft())
    finding = make_finding(
        amazon, extends=True, effective_on=dt.date(2021, 5, 18), condition="until further notice"
    )
    change = accept_finding(finding=finding, reviewer=None, now=LATER)
    assert change.kind == StatusChange.Kind.EXTENSION
    assert change.outcome is not None
    assert change.outcome.supersedes == first.outcome
    assert change.outcome.expires_on is None


def test_a_status_that_is_on_record_is_not_recorded_again(finding: Finding) -> None:
    change = make_change(finding.target, Status.PAUSED, dt.date(2020, 6, 10))
    with pytest.raises(AlreadyRecorded, match="link the finding") as caught:
        accept_finding(finding=finding, reviewer=None, now=LATER)
    assert caught.value.change == change
    assert not Review.objects.exists()
    assert StatusChange.objects.count() == 2


def test_a_finding_is_linked_to_the_change_that_is_on_record(
    finding: Finding, editor: User
) -> None:
    change = make_change(finding.target, Status.PAUSED, dt.date(2020, 6, 10))
    citation = link_finding(finding=finding, change=change, reviewer=editor, now=LATER)
    assert citation.status_change == change
    assert (citation.quote, citation.snapshot_hash) == (PASSAGE, finding.snapshot.body_hash)
    review = Review.objects.get(finding=finding)
    assert (review.verdict, review.status_change) == (Review.Verdict.LINKED, change)
    assert StatusChange.objects.count() == 2


def test_linking_the_same_words_of_the_same_page_twice_cites_them_once(finding: Finding) -> None:
    change = make_change(finding.target, Status.PAUSED, dt.date(2020, 6, 10))
    again = make_finding(finding.target, make_snapshot(finding.snapshot.source))
    for one in (finding, again):
        link_finding(finding=one, change=change, reviewer=None, now=LATER)
    assert Citation.objects.count() == 1
    assert Review.objects.count() == 2


def test_words_of_a_page_whose_document_was_merged_are_cited_once(finding: Finding) -> None:
    change = make_change(finding.target, Status.PAUSED, dt.date(2020, 6, 10))
    link_finding(finding=finding, change=change, reviewer=None, now=LATER)
    cited, kept = Citation.objects.get().document, make_document()
    merge_documents(kept=kept, duplicate=cited, merged_by=None, now=LATER)
    again = make_finding(finding.target, make_snapshot(finding.snapshot.source))
    link_finding(finding=again, change=change, reviewer=None, now=LATER)
    assert Citation.objects.get().document == kept


def test_a_finding_is_not_linked_to_a_change_of_another_target(finding: Finding) -> None:
    with pytest.raises(WrongTarget):
        link_finding(finding=finding, change=make_change(), reviewer=None, now=LATER)
    assert not Review.objects.exists()
    assert not Document.objects.exists()


def test_a_dismissal_keeps_its_reason(finding: Finding, editor: User) -> None:
    review = dismiss_finding(finding=finding, reason=" Old news ", reviewer=editor, now=LATER)
    assert (review.verdict, review.reason) == (Review.Verdict.DISMISSED, "Old news")
    assert review.status_change is None
    assert StatusChange.objects.count() == 1


def test_a_dismissal_without_a_reason_is_refused(finding: Finding, editor: User) -> None:
    with pytest.raises(ReasonMissing):
        dismiss_finding(finding=finding, reason="  ", reviewer=editor, now=LATER)
    assert nothing_was_written(finding)


def test_a_finding_is_reviewed_once_and_the_second_is_told_by_whom(
    finding: Finding, editor: User
) -> None:
    dismiss_finding(finding=finding, reason="Old news", reviewer=editor, now=LATER)
    with pytest.raises(AlreadyReviewed, match="editor reviewed this finding on 1 March"):
        accept_finding(finding=finding, reviewer=None, now=LATER)
    with pytest.raises(AlreadyReviewed, match="dismissed"):
        link_finding(finding=finding, change=make_change(), reviewer=None, now=LATER)
    with pytest.raises(AlreadyReviewed):
        dismiss_finding(finding=finding, reason="Old news", reviewer=None, now=LATER)
    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "error", "field"),
    [
        ({"effective_on": dt.date(2027, 1, 1)}, InvalidDate, "effective_on"),
        ({"expires_on": dt.date(2019, 1, 1)}, InvalidDate, "expires_on"),
        (NO_TERMS | {"status": "nonsense"}, InvalidStatusChange, "to_status"),
        ({"status": Status.REFUSED}, InvalidStatusChange, "terms"),
        (
            NO_TERMS | {"status": Status.REFUSED, "expires_on": dt.date(2030, 1, 1)},
            InvalidStatusChange,
            "expires_on",
        ),
        ({"terms": ""}, InvalidStatusChange, "terms"),
        ({"quote": "We end police use of Rekognition."}, InvalidStatusChange, "quote"),
        ({"quote": ""}, InvalidStatusChange, "quote"),
        (NO_TERMS | {"status": Status.EXPIRED}, InvalidStatusChange, "to_status"),
    ],
)
def test_what_is_refused_names_its_field_and_writes_nothing(
    finding: Finding, fields: dict[str, Any], error: type[InvalidStatusChange], field: str
) -> None:
    proposal = replace(Proposal.of_finding(finding), **fields)
    with pytest.raises(error) as caught:
        accept_finding(finding=finding, reviewer=None, now=LATER, proposal=proposal)
    assert caught.value.field == field
    assert nothing_was_written(finding)


def test_a_source_name_stands_in_for_a_missing_title(amazon: Target) -> None:
    source = make_source("https://www.press.example/statement", name="Amazon press room")
    finding = make_finding(amazon, make_snapshot(source, title=""))
    document = accept_finding(finding=finding, reviewer=None, now=LATER).citations.get().document
    assert (document.title, document.publisher) == ("Amazon press room", "Amazon press room")

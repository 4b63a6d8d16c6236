"""Every fact of the founding story, asked of the API as a journalist would, with its source."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.api.factories import get, ids, results
from tests.story import sources
from tests.story.sources import CONTRACTS, EXEMPTIONS, POLICE, RING, URGING, Source

Row = dict[str, Any]


def only(client: Client, resource: str, **query: Any) -> Row:
    """The one row that a question finds."""
    [row] = results(client, resource, **query)
    return row


def quotes(row: Row) -> dict[Source, str]:
    """The words of each document that a row is known from."""
    return {Source(c["title"], c["publisher"]): c["quote"] for c in row["citations"]}


def slugs(rows: list[Row]) -> list[str]:
    return [row["slug"] for row in rows]


def log(client: Client, **query: Any) -> list[tuple[str | None, str, str]]:
    """Each step in the order of the world: what it follows, to what, and on which day."""
    rows = results(client, "status-changes", **query)
    rows.sort(key=lambda row: (row["effective_on"], row["sequence"]))
    return [(row["follows_status"], row["to_status"], row["effective_on"]) for row in rows]


def test_the_coalition_letter_of_may_2018(client: Client) -> None:
    may = {"happened_after": "2018-05-01", "happened_before": "2018-05-31"}
    letter = only(client, "actions", company="amazon", kind="open_letter", **may)
    assert slugs(letter["organizations"]) == ["aclu", "rekognition-letter-coalition"]
    assert "stop marketing face recognition to police" in letter["description"]
    [target] = letter["targets"]
    assert (target["company"]["slug"], target["product"]["name"]) == ("amazon", "Rekognition")
    assert (letter["happened_on"], letter["happened_precision"]) == ("2018-05-22", "day")
    known = quotes(letter)
    assert "co-signed by a coalition of advocacy groups" in known[sources.ARTICLE]
    assert "More than three dozen civil rights organizations" in known[sources.LETTER]


def test_amazons_refusal_with_its_three_reasons(client: Client) -> None:
    refusal = only(client, "responses", company="amazon", kind="refusal")
    assert refusal["answers"]["title"] == "Coalition letter to Amazon on Rekognition"
    change = only(client, "status-changes", company="amazon", status="refused")
    assert (change["from_status"], change["effective_on"]) == ("called_on", "2018-06-01")
    for row in (refusal, change):
        for reason in ("abuse", "Acceptable Use Policy", "benefits", "risks"):
            assert reason in row["summary"]
        known = quotes(row)
        assert "the benefits outweigh its risks" in known[sources.ARTICLE]
        assert "no reported law enforcement abuse" in known[sources.REFUSAL]


def test_the_moratorium_of_10_june_2020(client: Client) -> None:
    outcome = only(client, "outcomes", company="amazon", kind="moratorium", as_of="2020-06-10")
    day = {"effective_after": "2020-06-10", "effective_before": "2020-06-10"}
    change = only(client, "status-changes", company="amazon", **day)
    assert (change["from_status"], change["to_status"]) == ("refused", "paused")
    assert change["outcome"]["id"] == outcome["id"]
    assert outcome["effective_on"] == "2020-06-10"
    assert (outcome["expires_on"], outcome["expires_precision"]) == ("2021-06-10", "day")
    assert outcome["exemptions"] == EXEMPTIONS
    assert "Congress" in outcome["condition"]
    for row in (outcome, change):
        known = quotes(row)
        assert "one-year moratorium on direct sales" in known[sources.ARTICLE]
        assert "one-year moratorium on police use" in known[sources.POLICY_BLOG]


@pytest.mark.parametrize(
    ("as_of", "status", "since", "expires_on", "exemptions"),
    [
        ("2018-05-21", None, None, None, None),
        ("2018-05-31", "called_on", "2018-05-22", None, None),
        ("2019-01-01", "refused", "2018-06-01", None, None),
        ("2019-12-31", "refused", "2018-06-01", None, None),
        ("2020-06-09", "refused", "2018-06-01", None, None),
        ("2020-06-15", "paused", "2020-06-10", "2021-06-10", EXEMPTIONS),
        ("2021-05-17", "paused", "2020-06-10", "2021-06-10", EXEMPTIONS),
        ("2021-06-20", "paused", "2020-06-10", None, []),
    ],
)
def test_where_amazon_stood_on_any_day(
    client: Client,
    as_of: str,
    status: str | None,
    since: str | None,
    expires_on: str | None,
    exemptions: list[str] | None,
) -> None:
    row = only(client, "targets", company="amazon", as_of=as_of, status=status or "none")
    assert (row["status"], row["status_since"], row["expires_on"]) == (status, since, expires_on)
    assert (row["outcome"]["exemptions"] if row["outcome"] else None) == exemptions


def test_the_extension_until_further_notice(client: Client) -> None:
    extension = only(client, "status-changes", company="amazon", kind="extension")
    assert (extension["from_status"], extension["to_status"]) == ("paused", "paused")
    assert extension["effective_on"] == "2021-05-18"
    assert extension["outcome"]["expires_on"] is None
    assert "until further notice" in quotes(extension)[sources.EXTENSION]
    old, new = results(client, "outcomes", company="amazon")
    assert old["superseded_by"] == [{"id": new["id"], "url": new["url"]}]
    assert (old["is_in_force"], new["is_in_force"]) == (False, True)
    now = only(client, "targets", company="amazon")
    assert (now["status"], now["status_since"]) == ("paused", "2020-06-10")
    assert (now["outcome"]["id"], now["expires_on"]) == (new["id"], None)


def test_ibm_left_the_business_and_wrote_to_congress(client: Client) -> None:
    change = only(client, "status-changes", company="ibm")
    assert (change["to_status"], change["effective_on"]) == ("met", "2020-06-08")
    assert (change["outcome"]["kind"], change["outcome"]["scope"]) == ("exit", "All customers")
    assert "sunset of its facial recognition offering" in quotes(change)[sources.ARTICLE]
    assert "IBM has sunset" in quotes(change)[sources.IBM_LETTER]
    statement = only(client, "responses", company="ibm")
    assert "letter to Congress" in statement["summary"]
    assert "law enforcement" in quotes(statement)[sources.ARTICLE]


def test_google_is_named_by_the_aclu(client: Client) -> None:
    row = only(client, "targets", company="google", organization="aclu")
    assert (row["status"], row["outcome"]["kind"]) == ("paused", "conditional_halt")
    change = only(client, "status-changes", company="google", topic="police-face-recognition")
    assert "the ACLU named Google" in change["summary"]
    known = quotes(change)
    assert "join IBM, Google, and Amazon" in known[sources.ARTICLE]
    assert "chosen not to offer" in known[sources.GOOGLE]


def test_the_aclu_of_northern_california_urges_microsoft_to_join(client: Client) -> None:
    statement = only(
        client, "actions", organization="aclu-northern-california", company="microsoft"
    )
    assert (statement["kind"], statement["happened_on"]) == ("commentary", "2020-06-10")
    assert "Nicole Ozer" in statement["description"]
    known = quotes(statement)
    assert URGING in known[sources.ARTICLE]
    assert URGING in known[sources.ACLU_STATEMENT]
    parent = only(client, "organizations", parent="aclu")
    assert parent["slug"] == "aclu-northern-california"


def test_the_aclus_commentary_on_microsoft(client: Client) -> None:
    commentary = only(
        client, "actions", organization="aclu", company="microsoft", kind="commentary"
    )
    assert "Matt Cagle" in commentary["description"]
    assert "suspend its face recognition offering" in commentary["description"]
    assert "support for the California bill" in commentary["description"]
    assert (commentary["happened_on"], commentary["happened_precision"]) == ("2020-06-01", "month")
    assert "surveillance presence" in quotes(commentary)[sources.ARTICLE]


def test_the_bill_and_microsofts_position_on_it(client: Client) -> None:
    bill = only(client, "bills", company="microsoft", status="paused", jurisdiction="California")
    assert (bill["identifier"], bill["status_on"]) == ("AB 2261", "2020-06-03")
    assert ids(client, "bills", topic="police-face-recognition") == [bill["id"]]
    assert ids(client, "bills", organization="aclu") == [bill["id"]]
    assert ids(client, "bills", organization="eff") == []
    position = only(client, "positions", company="microsoft", bill=bill["id"])
    assert position["stance"] == "supports"
    known = quotes(position)
    assert "recently-paused California legislation" in known[sources.ARTICLE]
    assert "suspense file" in known[sources.BILL_STALLED]


def test_the_250_employees_are_a_number(client: Client) -> None:
    letter = only(client, "actions", participants_min=250)
    assert (letter["participants_count"], letter["kind"]) == (250, "employee_letter")
    assert letter["campaign"]["slug"] == CONTRACTS
    assert "OneZero" in letter["description"]
    assert ids(client, "actions", participants_min=251) == []
    known = quotes(letter)
    assert "a letter from 250 employees" in known[sources.ARTICLE]
    assert "more than 250 employees" in known[sources.EMPLOYEE_LETTER]
    assert only(client, "targets", campaign=CONTRACTS)["status"] == "called_on"


def test_the_effs_call_on_ring_which_belongs_to_amazon(client: Client) -> None:
    call = only(client, "actions", organization="eff")
    assert (call["kind"], call["targets"][0]["company"]["slug"]) == ("petition", "ring")
    of_amazon = {"company": "amazon", "topic": "police-access-to-home-cameras"}
    assert ids(client, "actions", **of_amazon) == []
    assert ids(client, "actions", **of_amazon, include_subsidiaries="true") == [call["id"]]
    known = quotes(call)
    assert "has called on Amazon subsidiary Ring" in known[sources.ARTICLE]
    assert "must dissolve its partnerships" in known[sources.EFF_CALL]


def test_rings_denial_changed_no_status(client: Client) -> None:
    denial = only(client, "responses", company="ring", kind="denial")
    assert (denial["happened_on"], denial["happened_precision"]) == ("2020-04-01", "month")
    assert "adding face recognition" in denial["summary"]
    assert "denied reports" in quotes(denial)[sources.ARTICLE]
    assert "not available on Ring devices" in quotes(denial)[sources.RING_DENIAL]
    before = {"company": "ring", "effective_before": "2020-05-31"}
    assert ids(client, "status-changes", **before) == []
    assert only(client, "targets", company="ring", as_of="2020-05-31")["status"] is None


def test_microsofts_conditional_commitment(client: Client) -> None:
    assert log(client, company="microsoft", campaign=POLICE) == [
        (None, "called_on", "2020-06-10"),
        ("called_on", "paused", "2020-06-11"),
    ]
    outcome = only(client, "outcomes", company="microsoft", kind="conditional_halt")
    assert "national law" in outcome["condition"]
    assert (outcome["expires_on"], outcome["is_in_force"]) == (None, True)
    assert "until we have a national law" in quotes(outcome)[sources.MICROSOFT_PLEDGE]


def test_ring_gave_way_took_it_back_and_gave_way_again(client: Client) -> None:
    assert log(client, company="ring", topic="police-access-to-home-cameras") == [
        (None, "called_on", "2020-06-01"),
        ("called_on", "partial", "2024-01-24"),
        ("partial", "reversed", "2025-01-01"),
        ("reversed", "partial", "2026-02-12"),
    ]
    ended = only(client, "status-changes", company="ring", from_status="called_on")
    back = only(client, "status-changes", company="ring", status="reversed")
    flock = only(client, "status-changes", company="ring", from_status="reversed")
    assert "Request for Assistance" in ended["summary"]
    assert "did not provide a reason" in quotes(ended)[sources.REQUESTS_END]
    assert "Axon" in back["summary"]
    assert back["effective_precision"] == "year"
    assert "Axon" in quotes(back)[sources.REQUESTS_RETURN]
    assert "Axon Evidence account" in quotes(back)[sources.COMMUNITY_REQUESTS]
    assert "Flock" in flock["outcome"]["terms"]
    assert "never launched" in quotes(flock)[sources.FLOCK]


@pytest.mark.parametrize(
    ("as_of", "outcome"),
    [("2024-06-01", "policy_change"), ("2025-06-01", None), ("2026-02-12", "contract_ended")],
)
def test_what_ring_conceded_on_any_day(client: Client, as_of: str, outcome: str | None) -> None:
    row = only(client, "targets", company="ring", as_of=as_of)
    outcomes = results(client, "outcomes", company="ring", as_of=as_of)
    assert [o["kind"] for o in outcomes if o["is_in_force"]] == ([outcome] if outcome else [])
    assert (row["outcome"]["kind"] if row["outcome"] else None) == outcome


def test_every_fact_has_a_source_with_its_title_publisher_and_quote(client: Client) -> None:
    rows = [
        row
        for resource in ("actions", "responses", "outcomes", "status-changes", "positions")
        for row in results(client, resource)
    ]
    for row in rows:
        assert row["citations"], row["url"]
        assert all(quotes(row).values()), row["url"]
    assert {source for row in rows for source in quotes(row)} == sources.ALL


@pytest.mark.parametrize(
    ("query", "publishers"),
    [
        ({"company": "ibm"}, {"Biometric Update", "IBM"}),
        ({"organization": "eff"}, {"EFF", "BET", "Ring Support"}),
        ({"topic": "police-access-to-home-cameras"}, {"EFF", "BET", "Ring Support"}),
        ({"campaign": CONTRACTS}, {"Biometric Update", "Slashdot, quoting OneZero"}),
    ],
)
def test_the_documents_behind_a_company_organization_topic_or_campaign(
    client: Client, query: dict[str, str], publishers: set[str]
) -> None:
    found = results(client, "documents", **query)
    assert publishers <= {row["publisher"] for row in found}
    assert sources.ARTICLE in {Source(row["title"], row["publisher"]) for row in found}
    assert len(found) < len(sources.ALL)


def test_all_of_it_is_in_three_campaigns(client: Client) -> None:
    assert set(slugs(results(client, "campaigns"))) == {POLICE, CONTRACTS, RING}
    press_amazon = results(client, "campaigns", company="amazon", include_subsidiaries="true")
    assert slugs(press_amazon) == [POLICE, RING]
    stood = get(client, f"campaigns/{POLICE}/", as_of="2020-06-15")["targets"]
    assert {target["company"]["slug"]: target["status"] for target in stood} == {
        "amazon": "paused",
        "google": "paused",
        "ibm": "met",
        "microsoft": "paused",
    }

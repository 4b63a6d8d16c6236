"""The keys of trackers go to the trackers that they are of, and nowhere else."""

from dataclasses import replace

import pytest
from pytest_django import Settings

from campaigns.models import Bill
from config.demo.site import Site
from sources.extraction.bills import PRESETS
from sources.kinds import PollResult, SourceKind
from sources.models import Source
from sources.services.errands import plan_errands
from sources.services.leasing import lease_sources
from tests.sources.extraction.bills.samples import openstates
from tests.sources.factories import make_source
from tests.sources.services.trackers import COMMITTEE, FIRST_STEP, HOUR, NOW, followed, poll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]


@pytest.fixture
def keys(settings: Settings) -> None:
    settings.OPENSTATES_API_KEY = "key of Open States"
    settings.CONGRESS_API_KEY = "key of Congress"


URLS: dict[str, dict[str, str]] = {
    "https://v3.openstates.org/bills/ca/20192020/AB%201": {"X-API-KEY": "key of Open States"},
    "https://api.congress.gov/v3/bill/116/hr/7356/actions": {"X-Api-Key": "key of Congress"},
    "https://www.govinfo.gov/bulkdata/BILLSTATUS/117/s/BILLSTATUS-117s35.xml": {},
    "https://v3.openstates.org.evil.example/bills/ca/20192020/AB%201": {},
    "https://evil.example/bills/ca/20192020/AB%201": {},
    "https://v3.openstates.org/people": {},
}


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize("url", URLS)
def test_a_key_goes_to_the_host_of_its_tracker_only(url: str, bill: Bill) -> None:
    source = make_source(url, kind=SourceKind.BILL, bill=bill, rules={"form": "openstates-v3"})
    assert headers_for(source) == URLS[url]


@pytest.mark.usefixtures("keys")
def test_a_page_at_a_trackers_address_is_sent_no_key(db: None) -> None:
    assert headers_for(make_source("https://v3.openstates.org/bills/ca/20192020/AB%201")) == {}


def headers_for(source: Source) -> dict[str, str]:
    lease = lease_sources(source_ids=[source.pk], now=NOW, duration=HOUR, only_due=False)
    [host] = plan_errands(lease, {}, now=NOW)
    [errand] = host.errands
    return dict(errand.headers)


@pytest.mark.usefixtures("keys")
def test_a_key_is_sent_to_the_tracker_and_does_not_follow_a_redirect_elsewhere(
    site: Site, bill: Bill, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = replace(PRESETS["openstates-v3"], host="127.0.0.1")
    monkeypatch.setitem(PRESETS, "openstates-v3", local)
    source = followed(site, bill, openstates(FIRST_STEP, COMMITTEE))
    with Site() as elsewhere:
        target = elsewhere.set("/moved", openstates(FIRST_STEP, COMMITTEE))
        assert poll(source).result == PollResult.BASELINE
        site.set("/bills/one", b"", status=302, headers={"Location": target})
        poll(source, NOW + HOUR)
        assert [request.headers.get("x-api-key") for request in site.requests("/bills/one")] == [
            "key of Open States"
        ] * 2
        [request] = elsewhere.requests("/moved")
        assert "x-api-key" not in request.headers


@pytest.mark.usefixtures("keys")
def test_the_key_of_a_tracker_is_not_sent_to_other_sites(site: Site, bill: Bill) -> None:
    poll(followed(site, bill, openstates(FIRST_STEP)))
    [request] = site.requests("/bills/one")
    assert "x-api-key" not in request.headers

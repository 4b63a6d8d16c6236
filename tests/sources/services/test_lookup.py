"""Of all targets those are read that a source could be about, and no more."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Target
from companies.models import Company
from config.demo.site import Site
from sources.models import Host
from sources.services import look_at, lookup
from sources.services.lookup import targets_by
from sources.suggestions import clues_of
from tests.factories import NOW, make_campaign, make_company, make_product, make_target

pytestmark = pytest.mark.django_db

ELSEWHERE = "https://news.example/1"


@pytest.fixture
def targets() -> dict[str, Target]:
    """Targets, each of a campaign and a company of its own."""
    acme = make_company(
        "Acme Foods, Inc.", aliases=("ACME",), website="https://www.acmefoods.example:443/about"
    )
    goods = make_company("Target Corporation")
    good = make_product(goods, "Good & Gather")
    found = {
        "acme": make_target(make_campaign("Cage-free promises of restaurants"), acme),
        "target": make_target(make_campaign("Eggs"), goods, product=good),
        "amazon": make_target(make_campaign("Stop face recognition"), make_company("Amazon")),
        "élan": make_target(make_campaign("Kältehilfe"), make_company("Élan Straße")),
        "h&m": make_target(make_campaign("Fashion"), make_company("H&M")),
        "ebay": make_target(make_campaign("Auctions"), make_company("eBay")),
    }
    for number in range(5):
        make_target(make_campaign(f"Other {number}"), make_company(f"Unrelated {number}"))
    return found


@pytest.mark.parametrize(
    ("title", "text", "url", "names"),
    [
        ("", "", ELSEWHERE, set()),
        ("", "", "", set()),
        ("", "", "https://press.acmefoods.example/x", {"acme"}),
        ("", "", "https://ACMEFOODS.example", {"acme"}),
        ("", "", "https://notacmefoods.example", set()),
        ("", "", "https://amazon-news.example/", {"amazon"}),
        ("", "", "https://www.amazonaws.example/", {"amazon"}),
        ("News of ACME FOODS", "", ELSEWHERE, {"acme"}),
        ("News", "What AMAZON says of eBay.", ELSEWHERE, {"amazon", "ebay"}),
        ("We love to gather", "", ELSEWHERE, set()),
        ("Good & Gather recalls", "", ELSEWHERE, {"target"}),
        ("ÉLAN STRASSE", "", ELSEWHERE, {"élan"}),
        ("News", "H&M and more", ELSEWHERE, {"h&m"}),
        ("Recognition", "They stop it: a face.", ELSEWHERE, set()),
        ("News", "Restaurants broke their promises.", ELSEWHERE, {"acme"}),
        ("An amazonian adventure", "", ELSEWHERE, set()),
    ],
)
def test_what_a_source_names_is_looked_up(
    title: str, text: str, url: str, names: set[str], targets: dict[str, Target]
) -> None:
    found = targets_by(clues_of(title=title, text=text, url=url))
    assert {name for name, target in targets.items() if target in found} == names
    assert len(found) == len(names)


def test_signs_that_mean_something_in_patterns_are_words_like_others(
    targets: dict[str, Target],
) -> None:
    clues = clues_of(title="A|B (C) [D] $ ^ .* Amazon", text="\\W{2}", url="https://a-b.example")
    assert list(targets_by(clues)) == [targets["amazon"]]


def test_the_names_of_a_long_text_are_found_behind_many_words(targets: dict[str, Target]) -> None:
    text = " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600))
    clues = clues_of(title="News", text=f"{text}, said Amazon.", url=ELSEWHERE)
    assert targets["amazon"] in targets_by(clues)


def add_targets(company: Company, count: int) -> None:
    for _ in range(count):
        make_target(make_campaign("Amazon"), company)


def queries_to_look_at(url: str) -> int:
    Host.objects.all().delete()
    with CaptureQueriesContext(connection) as captured:
        assert look_at(url=url, now=NOW).targets
    return len(captured)


@pytest.mark.usefixtures("polling")
def test_many_targets_take_as_many_queries_as_few(site: Site, targets: dict[str, Target]) -> None:
    url = site.set("/news", "<title>Amazon stops</title><p>What is new with us.</p>")
    few = queries_to_look_at(url)
    add_targets(targets["amazon"].company, 10)
    assert queries_to_look_at(url) == few


def test_of_very_many_targets_the_newest_are_weighed(
    targets: dict[str, Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "MOST_TARGETS", 3)
    add_targets(targets["amazon"].company, 4)
    found = targets_by(clues_of(title="Amazon", text="", url=ELSEWHERE))
    newest = Target.objects.order_by("-pk")[:3]
    assert list(found) == list(newest)

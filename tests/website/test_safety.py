"""Nothing that anybody wrote, here or outside, becomes code on a page; and all pages are sound."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser

import pytest
from django.test import Client

from campaigns.models import Bill, Citation, Document, Position, Response, Target
from campaigns.statuses import Status
from sources.models import Source, Watch
from tests.factories import (
    make_action,
    make_bill,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_organization,
    make_outcome_draft,
    make_product,
    make_target,
    make_topic,
)
from tests.holding import held
from tests.website.reading import read

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7|add:7 }}"
CODE_ADDRESS = "javascript:alert(1)//"
ON = dt.date(2020, 1, 1)

PAGES = (
    "/",
    "/campaigns/hostile/",
    "/companies/hostile/",
    "/companies/hostile-child/",
    "/organizations/hostile/",
    "/topics/hostile/",
    "/changes/1/",
    "/changes/2/",
    "/changes/3/",
    "/corrections/",
    "/subscribe/?campaign=hostile",
    "/subscribe/?company=hostile",
    "/subscribe/sent/",
    "/data/",
    "/about/",
)
EMPTY_ELEMENTS = {"meta", "link", "img", "input", "br", "hr"}


def make_hostile_record() -> None:
    """A record in which every text and every address is an attack."""
    company = make_company(
        HOSTILE, (HOSTILE + "2",), slug="hostile", website=CODE_ADDRESS, description=HOSTILE
    )
    child = make_company(HOSTILE + "3", slug="hostile-child", parent=company)
    campaign = make_campaign(
        HOSTILE,
        slug="hostile",
        summary=HOSTILE,
        organizations=(
            make_organization(HOSTILE, slug="hostile", website=CODE_ADDRESS, description=HOSTILE),
        ),
        topics=(make_topic(HOSTILE, slug="hostile", description=HOSTILE),),
    )
    make_target(campaign, child, demand=HOSTILE)
    product = make_product(company, HOSTILE)
    target = make_target(campaign, company, product=product, demand=HOSTILE)
    source = Source.objects.create(name=HOSTILE, slug="hostile", url=CODE_ADDRESS)
    Watch.objects.create(source=source, target=target)
    bill = make_bill(
        jurisdiction=HOSTILE,
        session=HOSTILE[:50],
        identifier=HOSTILE[:50],
        title=HOSTILE,
        url=CODE_ADDRESS,
    )
    document = make_document(url=CODE_ADDRESS, title=HOSTILE, publisher=HOSTILE)
    _say_hostile_things(target, bill, document)
    _record_hostile_history(target, bill, document)


hostile = held(make_hostile_record)


def _say_hostile_things(target: Target, bill: Bill, document: Document) -> None:
    action = make_action(target.campaign, title=HOSTILE, description=HOSTILE)
    action.organizations.add(*target.campaign.organizations.all())
    action.targets.add(target)
    response = Response.objects.create(
        target=target, answers=action, kind="denial", summary=HOSTILE, happened_on=ON
    )
    position = Position.objects.create(
        company=target.company, bill=bill, stance="opposes", summary=HOSTILE, taken_on=ON
    )
    for fact in ({"action": action}, {"response": response}, {"position": position}):
        Citation.objects.create(document=document, quote=HOSTILE, **fact)


def _record_hostile_history(target: Target, bill: Bill, document: Document) -> None:
    first = make_change(target, summary=HOSTILE, effective_on=ON)
    make_change(target, Status.REFUSED, ON, summary=HOSTILE, corrects=first)
    outcome = make_outcome_draft(
        terms=HOSTILE, scope=HOSTILE, condition=HOSTILE, exemptions=(HOSTILE,), condition_bill=bill
    )
    citation = make_citation_draft(HOSTILE, document=document)
    make_change(target, Status.PAUSED, summary=HOSTILE, outcome=outcome, citations=[citation])


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.usefixtures("hostile")
def test_hostile_text_is_shown_as_text(client: Client, address: str) -> None:
    page = read(client, address)
    assert page.css("script") == []
    assert page.css("[onerror], [onclick], [style]") == []
    assert page.css("style") == []
    assert page.css('img:not([src^="/static/"])') == []
    assert page.css('a[href^="javascript"], [cite^="javascript"]') == []
    if "hostile" in address:
        assert HOSTILE in page.css_first("main").text(deep=True)


@pytest.mark.parametrize(
    "address", [*PAGES, "/nowhere/", "/healthz", "/robots.txt", "/admin/login/"]
)
@pytest.mark.usefixtures("hostile")
def test_every_answer_carries_a_strict_policy(client: Client, address: str) -> None:
    policy = client.get(address)["Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'self'"
    assert directives["object-src"] == directives["base-uri"] == "'none'"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", [*PAGES, "/nowhere/"])
@pytest.mark.usefixtures("hostile")
def test_every_page_is_well_formed(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    checker = _Balance()
    checker.feed(html)
    checker.close()
    assert checker.faults == []
    assert checker.open == []
    assert [name for name in checker.ids if checker.ids.count(name) > 1] == []


@pytest.mark.parametrize("address", [*PAGES, "/nowhere/"])
@pytest.mark.usefixtures("hostile")
def test_every_page_says_its_language_has_one_heading_and_a_way_past_the_menu(
    client: Client, address: str
) -> None:
    page = read(client, address, status=404 if address == "/nowhere/" else 200)
    assert page.css_first("html").attributes["lang"] == "en"
    assert len(page.css("h1")) == 1
    assert len(page.css("title")) == 1
    assert page.css_first("a.skip").attributes["href"] == "#content"
    assert page.css_first("main#content") is not None
    targets = {node.id for node in page.css("[id]")}
    within = {node.attributes["href"] for node in page.css('a[href^="#"]')}
    assert within <= {f"#{name}" for name in targets}


class _Balance(HTMLParser):
    """Notes every tag that closes what is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag in EMPTY_ELEMENTS:
            return
        if tag in {"p", "div", "ul", "ol", "dl", "h1", "h2", "h3"} and "p" in self.open:
            self.faults.append(f"{tag} in p at {self.getpos()}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"/{tag} at {self.getpos()}")

"""Which parts of a page are read when its source says so."""

import time

import pytest

from sources.causes import Cause
from sources.extraction import Unreadable, read_page
from sources.extraction.rules import PageRules, check_selector
from sources.extraction.selection import ELEMENTS

PAGE = """<title>Policies</title><body>
<nav>Home</nav><div class="cookies"><p>We use cookies.</p><button>Accept</button></div>
<main><article><h1>Police</h1><p>We pause.</p><p class="old">We sold.</p>
<div class="related"><p>Ten charts</p></div></article></main>
<aside class="bills"><h2>Bills</h2><ul><li>Bill 1: <b>passed</b></li><li>Bill 2</li></ul>
<script>var a = "script"</script><style>p {}</style><p hidden>Draft</p>
<p style="color: red; display : none">Secret</p></aside>
<footer>© 2020</footer></body>"""


def text_of(html: str, *include: str, exclude: tuple[str, ...] = ()) -> list[str]:
    rules = PageRules(include=include, exclude=exclude)
    return read_page(html.encode(), "text/html; charset=utf-8", rules).text.split("\n\n")


def failure_of(html: str, *include: str, exclude: tuple[str, ...] = ()) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        text_of(html, *include, exclude=exclude)
    return caught.value


@pytest.mark.parametrize(
    ("include", "expected"),
    [
        (["aside.bills"], ["Bills", "Bill 1: passed", "Bill 2"]),
        (["nav"], ["Home"]),
        (["footer", "h1"], ["Police", "© 2020"]),
        (["li:nth-child(2)", "h1, nav"], ["Home", "Police", "Bill 2"]),
        (["ul", "li", "b"], ["Bill 1: passed", "Bill 2"]),
        (["li b", "li"], ["Bill 1: passed", "Bill 2"]),
        ([".related"], ["Ten charts"]),
        (["title"], ["Policies"]),
    ],
)
def test_selected_parts_are_read_as_they_are_in_the_order_of_the_page(
    include: list[str], expected: list[str]
) -> None:
    assert text_of(PAGE, *include) == expected


@pytest.mark.parametrize("selector", ["body", "html", "html, body"])
def test_the_body_is_the_whole_page_without_what_surrounds_its_text(selector: str) -> None:
    html = PAGE.replace("</main>", "</main><p>Beside it</p>")
    assert text_of(html, selector) == ["Police", "We pause.", "We sold.", "Beside it"]
    assert text_of(html) == ["Police", "We pause.", "We sold."]


def test_what_is_asked_for_by_name_is_kept_in_the_whole_page() -> None:
    assert text_of(PAGE, "body", "aside") == [
        *("Police", "We pause.", "We sold.", "Bills", "Bill 1: passed", "Bill 2")
    ]


def test_what_is_excluded_is_gone_before_anything_is_chosen() -> None:
    assert text_of(PAGE, "article", exclude=(".old", ".related")) == ["Police", "We pause."]
    assert text_of(PAGE, exclude=(".old",)) == ["Police", "We pause."]
    assert failure_of(PAGE, ".old", exclude=("article",)).cause == Cause.SELECTOR_GONE


@pytest.mark.parametrize(
    "selector", [".gone", "script", "[hidden] b", "p:empty", "body > .nothing", "i"]
)
def test_a_selector_without_any_text_is_gone_and_named(selector: str) -> None:
    html = PAGE.replace("</main>", "<p></p><i>…</i></main>")
    failure = failure_of(html, "h1", selector)
    assert (failure.cause, failure.detail) == (Cause.SELECTOR_GONE, selector)


@pytest.mark.parametrize("exclude", ["html", "body", "*", "main, aside, nav, footer, .cookies"])
def test_a_page_from_which_everything_is_excluded_is_empty(exclude: str) -> None:
    assert failure_of(PAGE, exclude=(exclude,)).cause == Cause.EMPTY
    assert failure_of(PAGE, "body", exclude=(exclude,)).cause == Cause.SELECTOR_GONE


def test_plain_text_has_no_parts_to_select() -> None:
    with pytest.raises(Unreadable) as caught:
        read_page(b"We pause.", "text/plain", PageRules(include=("main",)))
    assert (caught.value.cause, caught.value.detail) == (Cause.SELECTOR_GONE, "main")


def test_what_a_click_opens_is_text_and_what_nothing_opens_is_not() -> None:
    html = (
        "<main><h1>Questions</h1><p>Much is asked about our policy, and here it is answered.</p>"
        "<button aria-controls=one>Why?</button><div id=one hidden>Because we care.</div>"
        "<a data-toggle=collapse href='#two'>When?</a>"
        "<div id=two style='display:none'>In 2025.</div>"
        "<div hidden=until-found>Folded.</div><div id=three hidden>Offer 7.</div>"
    )
    for include in ((), ("body",), ("main",)):
        text = text_of(html, *include)
        assert {"Because we care.", "In 2025.", "Folded."} <= set(text)
        assert "Offer 7." not in text


def test_a_hidden_part_that_is_asked_for_by_name_is_read() -> None:
    assert text_of(PAGE, "[hidden]") == ["Draft"]


@pytest.mark.parametrize(
    "html",
    [
        "<body style='visibility: hidden'><h1>Police</h1><p>We pause.</p>",
        "<div hidden><main><h1>Police</h1><p>We pause.</p></main></div>",
        "<div class='layout sidebar'><div>Police</div><p>We pause.</p></div>",
        "<div aria-label='Comments on the draft'><p>Police</p></div><p>We pause.</p>",
        "<h1>Police</h1><h2>Share of renewables</h2><p>We pause.</p>",
        "<h1>Police</h1><h2>Related party deals</h2><p>We pause.</p>",
        "<h1>Police</h1><p>Advertisement</p><p>We pause.</p>",
        "<h1>Police</h1><p>Share</p><p>We pause.</p>",
        "<h1>Police</h1><p>See <a rel=sponsored href=x>this</a> too.</p><p>We pause.</p>",
        "<h1>Police</h1><section><h2>Cookies</h2><p>We pause.</p><a>Agreed terms</a></section>",
        "<h1>Police</h1><section><h2>Related</h2><p>We pause.</p></section>",
    ],
    ids=range(11),
)
@pytest.mark.parametrize("include", [(), ("body",)], ids=["main text", "whole page"])
def test_text_that_only_looks_like_noise_is_kept(html: str, include: tuple[str, ...]) -> None:
    assert "We pause." in text_of(html, *include)


@pytest.mark.parametrize("name", ["css-ad93f1", "kfYqAd", "x1nav2b", "sc-hAdsPq", "1ad"])
def test_a_name_that_a_machine_made_up_says_nothing(name: str) -> None:
    assert "We pause." in text_of(
        f"<h1>Police</h1><p class='{name}'>We pause.</p>" + "<p>x</p>" * 20
    )


@pytest.mark.parametrize("name", ["ad-slot", "adSlot", "c-ad__inner", "ad2", "AD", "sideAdvert"])
def test_a_name_of_words_is_understood(name: str) -> None:
    assert "Chairs" not in text_of(f"<h1>Police</h1><p class='{name}'>Chairs</p>" + "<p>x</p>" * 20)


WIDE = "<p>x" * 25_000
DEEP = "<div>" * 900 + "<i hidden class=ad>x</i>" * 5_000


@pytest.mark.parametrize("selector", ["p:nth-child(2n)", "p:nth-of-type(2)", "body:has(p b)"])
def test_a_costly_selector_is_not_tried_on_too_many_elements(selector: str) -> None:
    started = time.process_time()
    failure = failure_of(WIDE, selector)
    assert time.process_time() - started < 5
    assert failure.cause == Cause.TOO_LARGE
    assert str(ELEMENTS) in failure.detail


@pytest.mark.parametrize("include", [(), ("body",), ("p",), ("div",), ("*",), ("div p", "p")])
@pytest.mark.parametrize("html", [WIDE, DEEP], ids=["wide", "deep"])
def test_a_hostile_page_takes_a_bounded_time(html: str, include: tuple[str, ...]) -> None:
    started = time.process_time()
    assert text_of(f"{html}<div><p>text</div>", *check_selector("\n".join(include)))
    assert time.process_time() - started < 10

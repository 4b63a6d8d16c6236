"""Pages in which nothing acts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from sources.causes import Cause
from sources.extraction import Unreadable
from sources.extraction.inert import make_inert

ACTING = [
    "<script>go()</script>",
    "<script src=//evil.example/a.js></script>",
    "<img src=//evil.example/a.png onerror=go()>",
    "<img srcset='//evil.example/a.png 2x'>",
    "<svg onload=go()><a xlink:href='javascript:go()'>a</a></svg>",
    "<svg><image href=//evil.example/a.png /><use href=//evil.example/a.svg#a /></svg>",
    "<iframe src=//evil.example></iframe><iframe srcdoc='<script>go()</script>'></iframe>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<meta name=Referrer content=unsafe-url>",
    "<link rel=preconnect href=//evil.example><link rel=stylesheet href=//evil.example>",
    "<base href=//evil.example>",
    "<form action=//evil.example><input formaction=//evil.example></form>",
    "<object data=//evil.example></object><embed src=//evil.example>",
    "<video src=//evil.example poster=//evil.example></video>",
    "<table background=//evil.example><td>a</td></table>",
    "<a href='javascript:go()'>a</a><a href=' jav&#9;ascript:go()'>a</a>",
    "<a href='data:text/html,evil.example'>a</a><a href=//evil.example>a</a>",
    "<a href='https://ok.example' ping=//evil.example referrerpolicy=unsafe-url>a</a>",
    "<noscript><img src=//evil.example><link rel=preconnect href=//evil.example></noscript>",
    "<template><img src=//evil.example onload=go()></template>",
    "<noembed><img src=//evil.example></noembed>",
    "<form><math><mtext></form><form><mglyph><svg><textarea><path id='</textarea><img src=x>'>",
    "<math><mtext><table><mglyph><svg><title><link rel=preconnect href=//evil.example>",
]


def acting(markup: str) -> list[str]:
    """Whatever a browser would find in the markup that acts."""
    tree = LexborHTMLParser(markup)
    found = [
        node.tag or ""
        for node in tree.css(
            "script, link, base, iframe, object, embed, meta[http-equiv], meta[name=referrer i], "
            "template, noembed"
        )
    ]
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            if name.startswith("on") or name.endswith(("src", "srcset", ":href", "action", "data")):
                found.append(name)
            if name == "href" and not (value or "").startswith(("https://", "http://", "#")):
                found.append(f"{name}={value}")
            if name in ("background", "ping", "poster", "referrerpolicy", "target"):
                found.append(name)
    return found


@pytest.mark.parametrize("markup", ACTING)
def test_what_acts_is_removed_and_what_is_said_stays(markup: str) -> None:
    assert acting(markup) or "<textarea>" in markup
    page = f"<!doctype html><title>A title</title><body><p>Before.</p>{markup}"
    made = make_inert(page.encode(), "text/html")
    assert acting(made) == []
    assert acting(LexborHTMLParser(made).html or "") == []
    assert "<p>Before.</p>" in made
    assert "<title>A title</title>" in made
    assert "go()" not in made or "<textarea>" in markup


def test_links_to_the_web_stay_and_those_into_our_own_site_do_not() -> None:
    page = (
        "<a href='https://acme.example/a'>a</a><a href='#b'>b</a><a href='/admin/'>c</a>"
        "<a href='page.html'>d</a><a href='HTTP://acme.example'>e</a>"
    )
    tree = LexborHTMLParser(make_inert(page.encode(), "text/html"))
    addresses = [node.attributes.get("href") for node in tree.css("a")]
    assert addresses == ["https://acme.example/a", "#b", None, None, "HTTP://acme.example"]


def test_a_page_of_another_character_set_is_read_as_browsers_read_it() -> None:
    page = "<meta charset=windows-1252><p>née</p>".encode("cp1252")
    assert "<p>née</p>" in make_inert(page, "text/html")


def test_inline_styles_stay_for_the_policy_to_judge() -> None:
    assert 'style="color: red"' in make_inert(b'<p style="color: red">a</p>', "text/html")


@pytest.mark.parametrize("body", [b"<div>" * 5000, b"<p " + b"a=1 " * 5000 + b">"])
def test_a_page_that_would_take_for_ever_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        make_inert(body, "text/html")
    assert refusal.value.cause == Cause.TOO_LARGE


PIECES = st.sampled_from(
    [
        *("<svg>", "</svg>", "<math>", "<mtext>", "<mglyph>", "<style>", "</style>", "<title>"),
        *("<table>", "<form>", "</form>", "<p>", "</p>", "<noscript>", "<textarea>", "<xmp>"),
        *("<!--", "-->", "<![CDATA[", "]]>", "<select>", "<foreignObject>", "<desc>", "<a>"),
        *("<link rel=preconnect href=//evil.example>", "<img src=x onerror=go()>", "text"),
        *("<a title='</style></title><img src=x>'>", "&lt;img src=x&gt;", "</noscript>"),
    ]
)


@given(st.lists(PIECES, max_size=25))
def test_however_markup_is_put_together_nothing_in_it_acts(pieces: list[str]) -> None:
    try:
        made = make_inert("".join(pieces).encode(), "text/html")
    except Unreadable:
        return
    assert acting(made) == []

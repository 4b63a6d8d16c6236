"""Banners that ask for consent without a class that says so, in a page that is read whole."""

from __future__ import annotations

import pytest

from sources.extraction import PageRules, read_page

POLICY = "<main><h2>Policy</h2><p>We sell to no police.</p></main>"


def text_of(banner: str) -> str:
    body = f"<html><body>{banner}{POLICY}</body></html>".encode()
    return read_page(body, "text/html; charset=utf-8", PageRules(include=("body",))).text


@pytest.mark.parametrize("label", ["OK", "OK, got it", "Okay", "Continue", "×", "Accept & close"])
def test_a_banner_is_left_out_whatever_its_button_says(label: str) -> None:
    banner = (
        f"<div><p>This site uses cookies. By continuing you agree.</p><a href='#'>{label}</a></div>"
    )
    assert text_of(banner) == text_of("")


def test_a_banner_that_speaks_of_privacy_and_partners_is_left_out() -> None:
    said = "We value your privacy. We and our 812 partners keep data on your device."
    banner = f"<div><p>{said}</p><button>Yes, I’m happy</button><button>More options</button></div>"
    assert text_of(banner) == text_of("")


@pytest.mark.parametrize(
    "section",
    [
        "<section><p>We share no consent data with police.</p><a href='/2'>Continue</a></section>",
        "<section><p>Privacy matters to our partners.</p><a href='/x'>Close</a></section>",
    ],
)
def test_a_text_with_a_button_that_goes_on_is_kept(section: str) -> None:
    assert text_of(section) != text_of("")

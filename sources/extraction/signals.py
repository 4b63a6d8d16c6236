"""What the markup of a page tells of its purpose, before anything is taken out of it: pure."""

from __future__ import annotations

from enum import StrEnum

from selectolax.lexbor import LexborHTMLParser


class Signal(StrEnum):
    """A trait of login and blocking pages. By itself it proves nothing: many pages have it."""

    PASSWORD = "password"  # noqa: S105 - no password, but a field for one
    CAPTCHA = "captcha"
    CHALLENGE = "challenge"


_CAPTCHAS = (
    "g-recaptcha",
    "h-captcha",
    "cf-turnstile",
    "frc-captcha",
    "arkoselabs",
    "funcaptcha",
    "captcha-box",
)
# Parts of pages that stand before the page that was asked for, of those who sell such pages.
_CHALLENGES = (
    *("_cf_chl_opt", "cf-browser-verification", "cf-error-details", "cf-challenge-running"),
    *("errors.edgesuite.net", "sec-if-cpt-container", "bm-verify="),  # Akamai
    *("px-captcha", "captcha.px-cdn.net"),  # PerimeterX, now HUMAN
    "captcha-delivery.com",  # DataDome
    *("incident_id=", "distil_r_captcha"),  # Imperva
    *("window.gokuProps", "awsWafCookieDomainList"),  # AWS
    *("sucuri_cloudproxy_js", "ddos-guard/js-challenge"),
)
_FIELD = 'input[type="password" i]'


def signals_of(source: str, tree: LexborHTMLParser) -> tuple[Signal, ...]:
    """Return the traits of a page.

    Args:
        source: its markup as it came, with scripts.
        tree: the same, parsed.
    """
    found = {
        Signal.PASSWORD: tree.css_first(_FIELD) is not None,
        Signal.CAPTCHA: any(mark in source for mark in _CAPTCHAS),
        Signal.CHALLENGE: any(mark in source for mark in _CHALLENGES),
    }
    return tuple(signal for signal, is_there in found.items() if is_there)

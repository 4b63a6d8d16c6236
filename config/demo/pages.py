"""The policy page of the demo: as it was, and with an announcement amid the usual noise."""

from __future__ import annotations

import datetime as dt

COMPANY = "Argus Vision"
PRODUCT = "Argus Match"
EXEMPT = "Missing Children Network"
PASSAGE = "has put a one-year moratorium on sales of Argus Match to police"

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{company}: our policy on face recognition</title>
<meta name="csrf" content="{token}">
<meta property="article:published_time" content="{day}"></head>
<body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/products">Products</a></li></ul></nav>
<main><article>
<h1>Our policy on face recognition</h1>
<p class="meta">Updated {long_day} · {views} views · {shares} shares</p>
<p>{company} makes {product}, a face recognition service that customers in many trades use.</p>
{announcement}
<p>Every customer of {product} agrees to our terms of use, which forbid unlawful surveillance.</p>
</article></main>
<aside><h2>Related posts</h2><ul>{related}</ul></aside>
<footer><p>© {company} {year}. Page rendered in {milliseconds} ms.</p></footer>
</body></html>
"""


def policy_page(today: dt.date) -> str:
    """Return the page before anything was announced, last touched a month before ``today``."""
    return _page(
        today - dt.timedelta(days=30),
        announcement="",
        views=1204,
        related=["Meet the team", "Ten years of computer vision"],
    )


def policy_page_with_moratorium(today: dt.date) -> str:
    """Return the page with a moratorium announced ``today``, and everything else a bit different.

    The moratorium lasts until :func:`expiry` and names one exemption.
    """
    announcement = (
        f"<p>Effective today, {COMPANY} {PASSAGE}, until {_long(expiry(today))}. We will still "
        f"supply it to organizations like the {EXEMPT}.</p>"
    )
    return _page(
        today,
        announcement=announcement,
        views=98113,
        related=["Our offices in spring", "Five questions to our support"],
    )


def expiry(today: dt.date) -> dt.date:
    """Return the day on which the announced moratorium ends."""
    return today.replace(year=today.year + 1, day=min(today.day, 28))


def _long(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _page(day: dt.date, *, announcement: str, views: int, related: list[str]) -> str:
    return _PAGE.format(
        company=COMPANY,
        product=PRODUCT,
        token=f"{views:x}",
        day=day.isoformat(),
        long_day=_long(day),
        views=f"{views:,}",
        shares=views // 40,
        announcement=announcement,
        related="".join(f"<li><a href='#'>{title}</a></li>" for title in related),
        year=day.year,
        milliseconds=views % 97,
    )

"""A policy page as companies write it, with everything that changes around the text."""

import datetime as dt

DAY_OF_ANNOUNCEMENT = dt.datetime(2020, 6, 10, 18, 0, tzinfo=dt.UTC)

POLICY = "Amazon Web Services offers Rekognition to police departments under our terms of use."
ANNOUNCEMENT = (
    "On June 10, 2020, Amazon announced a one-year moratorium on police use of Rekognition, its "
    "face recognition service."
)


def policy_page(
    news: str = "",
    *,
    updated: str = "3 May 2020",
    views: str = "1,204",
    related: str = "Ten charts about the cloud",
) -> str:
    """The page, with a paragraph of news if there is any."""
    paragraph = f"<p>{news}</p>" if news else ""
    return f"""<!doctype html><html lang="en"><head><title>Our policy on Rekognition</title>
<meta name="csrf-token" content="{hash((updated, views))}"></head><body>
<nav><a href="/">Home</a> <a href="/{related}">{related}</a></nav>
<main><article><h1>Our policy on Rekognition</h1>
<p class="meta">Last updated: {updated} | {views} views | 12 shares</p>
<p>{POLICY}</p>{paragraph}<p>Questions about this policy go to our press office.</p>
<h3>Related posts</h3><ul><li><a href="/a">{related}</a></li></ul></article></main>
<aside>Advertisement: {views} garden chairs</aside><footer>© {updated[-4:]} Amazon</footer>
</body></html>"""


def rss(*items: tuple[str, str, str]) -> bytes:
    """An RSS feed of items, each (guid, title, text)."""
    entries = "".join(
        f"<item><guid>{guid}</guid><link>https://press.example/{guid}</link><title>{title}</title>"
        f"<description>{text}</description></item>"
        for guid, title, text in items
    )
    channel = f"<channel><title>Press</title>{entries}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'.encode()

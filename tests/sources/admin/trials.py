"""The form of a source with its button “Try it”, as tests fill it in, and what they try."""

from __future__ import annotations

from typing import Any

from sources import evidence
from sources.models import Snapshot, Source
from tests.factories import NOW
from tests.sources.factories import make_snapshot

TRY = "/admin/sources/source/try/"
POLICY = """<html><head><title>Our policy</title></head><body><main><h1>Our policy</h1>
<p>We sell our software to no police force anywhere in the world.</p>
<p>Signed by 4,217 people, who want us to stay as we are.</p>
<p>Last updated: 3 May 2024</p></main></body></html>"""
RSS = """<rss version="2.0"><channel><title>News &amp; more</title>
<item><guid>a</guid><title>First post</title><link>https://blog.example/first</link>
<pubDate>Tue, 02 Jan 2024 10:00:00 GMT</pubDate>
<description>We stop selling it.</description></item>
<item><guid>b</guid><title>Second &lt;script&gt;alert(1)&lt;/script&gt; post</title>
<link>javascript:alert(1)</link><description>More about it.</description></item>
</channel></rss>"""


def address(source: Source) -> str:
    """Where a source that is known is tried."""
    return f"/admin/sources/source/{source.pk}/try/"


def form(url: str, **fields: Any) -> dict[str, Any]:
    """What is sent of a source that has no name yet."""
    return {"url": url, "kind": "page", "interval_minutes": "60", "is_active": "on"} | fields


def form_of(source: Source, **fields: Any) -> dict[str, Any]:
    """What is sent of a source that is known, with these fields edited."""
    return form(source.url, name=source.name, slug=source.slug, kind=source.kind) | fields


def keep(source: Source, day: int, body: str, content_type: str = "text/html") -> Snapshot:
    """A copy that was kept on a day of the month of NOW."""
    return make_snapshot(
        source,
        body,
        taken_at=NOW.replace(day=day),
        body_hash=evidence.put(body.encode()),
        content_type=content_type,
    )

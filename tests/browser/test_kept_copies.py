"""A hostile page, kept as a copy, in a real browser: it makes no request and runs nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from sources import evidence
from tests.factories import make_change, make_citation_draft
from tests.sources.factories import make_snapshot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOSTILE = """<!doctype html><html><head><title>Policy</title>
<meta http-equiv="refresh" content="0;url={trap}/refresh">
<meta name="referrer" content="unsafe-url">
<link rel="preconnect" href="{trap}"><link rel="dns-prefetch" href="{trap}">
<link rel="prefetch" href="{trap}/prefetch"><link rel="stylesheet" href="{trap}/style.css">
<link rel="icon" href="{trap}/icon.png"><base href="{trap}/">
<script>window.ran = true; document.title = "ran"; fetch("{trap}/fetch")</script>
<script src="{trap}/script.js"></script>
<script type="speculationrules">{{"prefetch": [{{"urls": ["{trap}/guess"]}}]}}</script>
<style>@import "{trap}/import.css"; body {{ background: url({trap}/background.png) }}</style>
<noscript><link rel="preconnect" href="{trap}"><img src="{trap}/noscript.png"></noscript></head>
<body onload="document.title = 'ran'" background="{trap}/body.png">
<p id="said" style="background: url({trap}/inline.png); color: rgb(1, 2, 3)">What the page says.</p>
<img src="{trap}/a.png" onerror="document.title = 'ran'" srcset="{trap}/b.png 2x">
<svg onload="document.title = 'ran'"><image href="{trap}/c.png"/><use href="{trap}/d.svg#a"/>
<script>document.title = "ran"</script></svg>
<iframe src="{trap}/frame"></iframe>
<iframe srcdoc="<script>top.document.title='ran'</script>"></iframe>
<object data="{trap}/object"></object><embed src="{trap}/embed">
<video src="{trap}/video" poster="{trap}/poster" autoplay></video>
<form id="f" action="{trap}/form" method="post"><input autofocus onfocus="document.title = 'ran'">
<button id="send" formaction="{trap}/button">Send</button></form>
<a id="code" href="javascript:document.title = 'ran'">Code</a>
<a id="ping" href="#said" ping="{trap}/ping">Ping</a>
<math><mtext><table><mglyph><style><!--</style><link rel="preconnect" href="{trap}">
</body></html>"""


class Trap:
    """Listens on loopback and counts who connects, even if nothing is asked."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self.connections = 0
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def __enter__(self) -> Trap:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def trap() -> Iterator[Trap]:
    with Trap() as running:
        yield running


@pytest.fixture
def address(settings: Settings, tmp_path: Path, trap: Trap) -> str:
    """Where the hostile page can be looked at."""
    settings.EVIDENCE_DIR = tmp_path
    kept = evidence.put(HOSTILE.format(trap=trap.url).encode())
    make_change(citations=[make_citation_draft(snapshot_hash=kept)])
    make_snapshot(body_hash=kept, content_type="text/html; charset=utf-8")
    return f"/evidence/{kept}/view/"


def test_a_hostile_page_makes_no_request_and_runs_nothing(
    page: Page, address: str, trap: Trap
) -> None:
    # What the policy refuses is told as a request that failed; none of them leaves the browser.
    answered: list[str] = []
    refused: set[str | None] = set()
    page.on("response", lambda response: answered.append(response.url))
    page.on("requestfailed", lambda request: refused.add(request.failure))
    page.goto(address, wait_until="networkidle")
    assert page.locator("#said").inner_text() == "What the page says."
    page.locator("#send").click()
    page.locator("#code").click()
    page.locator("#ping").click()
    page.wait_for_load_state("networkidle")
    said = page.locator("#said").evaluate("element => getComputedStyle(element).color")
    assert said == "rgb(1, 2, 3)"
    assert page.title() == "Policy"
    assert page.evaluate("window.ran") is None
    assert page.url.partition("#")[0].endswith(address)
    assert len(answered) == 1
    assert refused <= {"csp"}
    assert page.context.cookies() == []
    assert trap.connections == 0


def test_the_same_page_would_call_and_run_if_it_were_not_for_us(
    page: Page, trap: Trap, tmp_path: Path
) -> None:
    """Shows that the trap and the page work, so that silence means something."""
    file = tmp_path / "page.html"
    file.write_text(HOSTILE.format(trap=trap.url).replace('http-equiv="refresh"', ""))
    page.goto(file.as_uri(), wait_until="networkidle")
    assert page.title() == "ran"
    assert trap.connections > 3

"""Single requests, one after the other: the depth of the feed, and search."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median
from urllib.parse import quote

from benchmarks.api.bench import Bench, WrongAnswer, results_of
from benchmarks.api.capture import Binder, ask
from benchmarks.api.loading import has_table
from benchmarks.api.results import Result, milliseconds, percentile, unavailable
from benchmarks.api.scenarios import (
    DEEP_PAGE,
    DEEP_RATIO,
    FEED_PAGES,
    SEARCH_P95_MS,
    SEARCH_PATHS,
    searches,
)
from benchmarks.api.servers import Client

PAIRS = 300
DEPTH_SECONDS = 30.0
"""Time for all of them; of slow ones there are fewer."""
SEARCHES = 140
SEARCH_SECONDS = 25.0
"""Time for the searches of one list; what was not asked by then is left out."""

_PLACE = """
SELECT s.sequence FROM campaigns_statuschange s JOIN campaigns_target t ON t.id = s.target_id
JOIN campaigns_campaign c ON c.id = t.campaign_id WHERE c.published_at IS NOT NULL
ORDER BY s.sequence OFFSET %s LIMIT 1
"""
_PUBLIC = """
SELECT count(*) FROM campaigns_statuschange s JOIN campaigns_target t ON t.id = s.target_id
JOIN campaigns_campaign c ON c.id = t.campaign_id WHERE c.published_at IS NOT NULL
"""


def measure_depth(bench: Bench) -> Result:
    """Compare page 5,000 of the feed with page 1: the median of single requests, alternating."""
    limit, page, deep = _deep_place(bench)
    what = f"change feed, page {page:,} / page 1 (limit {limit})"
    client = Client(bench.servers["ours"])
    first_times: list[float] = []
    deep_times: list[float] = []
    ends_at = time.monotonic() + DEPTH_SECONDS
    for number in range(min(PAIRS, deep)):
        if deep_times and time.monotonic() > ends_at:
            break
        for after, times in ((number, first_times), (deep - number, deep_times)):
            path = FEED_PAGES.format(after=after, limit=limit)
            answer = client.get(path)
            if answer.status != 200:
                return unavailable(what, answer.status)
            if len(results_of(path, answer.body)) != limit:
                raise WrongAnswer(f"{path} is no full page")
            times.append(answer.seconds * 1000)
    client.close()
    ours, first = median(deep_times), median(first_times)
    path = FEED_PAGES.format(after=deep, limit=limit)
    return Result(
        what, milliseconds(ours), milliseconds(first), ours / first, at_most=DEEP_RATIO,
        p50=ours, p99=percentile(deep_times, 0.99), explain=_statements(bench, path),
    )  # fmt: skip


def measure_search(bench: Bench) -> Iterator[Result]:
    """Search each list for common and rare words, phrases, and without a word."""
    for template in SEARCH_PATHS:
        yield _search(bench, template)


def _search(bench: Bench, template: str) -> Result:
    what = f"search {template.split('?')[0]}, p95 / {SEARCH_P95_MS:.0f} ms"
    client = Client(bench.servers["ours"])
    times: dict[str, float] = {}
    found = 0
    began = time.monotonic()
    for words in searches(SEARCHES):
        path = template.format(words=quote(words))
        if path in times:
            continue
        answer = client.get(path)
        if answer.status != 200:
            return unavailable(what, answer.status)
        found += b'"results":[]' not in answer.body
        times[path] = answer.seconds * 1000
        if time.monotonic() - began > SEARCH_SECONDS:
            break
    client.close()
    if found < len(times) / 4:
        raise WrongAnswer(f"{template}: only {found} of {len(times)} searches found something")
    p95 = percentile(times.values(), 0.95)
    slowest = max(times, key=lambda path: times[path])
    return Result(
        what, milliseconds(p95), milliseconds(SEARCH_P95_MS), p95 / SEARCH_P95_MS, at_most=1,
        p50=percentile(times.values(), 0.5), p99=percentile(times.values(), 0.99),
        explain=_statements(bench, slowest),
    )  # fmt: skip


def _deep_place(bench: Bench) -> tuple[int, int, int]:
    """Return how long a page may be for there to be enough, the deep one's number and its place.

    A record that has not so many changes has its deep page in its middle.
    """
    count = bench.connection.execute(_PUBLIC).fetchone()
    assert count is not None
    limit = max(count[0] // (DEEP_PAGE + 1), 1)
    page = min(DEEP_PAGE, count[0] // 2)
    entries = limit * (page - 1)
    if has_table(bench.connection, "campaigns_feedentry"):
        return limit, page, entries
    place = bench.connection.execute(_PLACE, [max(entries - 1, 0)]).fetchone()
    assert place is not None
    return limit, page, int(place[0])


def _statements(bench: Bench, path: str) -> tuple[str, ...]:
    binder = Binder(bench.connection)
    return tuple(binder.text(traced) for traced in ask(path).traced)

"""What is measured: addresses with the values that vary, and the goals of each.

To measure another address, or the same by other parameters, change a line here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from benchmarks.api.chance import seeded
from benchmarks.api.vocabulary import Vocabulary

SEED = 7

_PUBLIC = "JOIN campaigns_campaign c ON c.id = t.campaign_id WHERE c.published_at IS NOT NULL"
VALUES = {
    "company": f"SELECT DISTINCT t.company_id FROM campaigns_target t {_PUBLIC}",  # noqa: S608
    "target": f"SELECT t.id FROM campaigns_target t {_PUBLIC}",  # noqa: S608
    "action": f"SELECT t.id FROM campaigns_action t {_PUBLIC}",  # noqa: S608
    "organization": "SELECT DISTINCT o.organization_id FROM campaigns_action t "  # noqa: S608
    f"JOIN campaigns_action_organizations o ON o.action_id = t.id {_PUBLIC}",
    "after": "SELECT generate_series(0, max(sequence) - 200) FROM campaigns_feedentry",
    "limit": "SELECT generate_series(25, 60)",
}
"""Where a value that varies comes from: a query for all that it can be."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Requests of one kind, and how near to their limits they should be."""

    name: str
    what: str
    address: str
    """With the names of :data:`VALUES` in braces."""
    least_of_bare: float
    least_of_naive: float | None = None
    naive_address: str = ""


THROUGHPUT = (
    Scenario(
        "list", "list of a company's targets",
        "/api/v1/targets/?company={company}&limit={limit}", 0.35,
        4.0, "/naive/targets/?company={company}&limit={limit}",
    ),
    Scenario(
        "actions", "list of an organization's actions",
        "/api/v1/actions/?organization={organization}&limit={limit}", 0.35,
    ),
    Scenario("detail", "one target", "/api/v1/targets/{target}/", 0.35),
    Scenario("action", "one action", "/api/v1/actions/{action}/", 0.35),
    Scenario("feed", "change feed, 100", "/api/v1/status-changes/?after={after}&limit=100", 0.5),
)  # fmt: skip

REPEATED = Scenario("repeated", "the same list, unchanged", "/api/v1/targets/?company={company}", 5)
"""Always one address, with and without a validator."""

FEED_PAGES = "/api/v1/status-changes/?after={after}&limit={limit}"
DEEP_PAGE = 5_000
DEEP_RATIO = 1.1

SEARCH_PATHS = tuple(
    f"/api/v1/{name}/?search={{words}}"
    for name in ("actions", "status-changes", "campaigns", "targets")
)
SEARCH_P95_MS = 50.0

CSV = "/api/v1/status-changes/?format=csv"
CSV_WARM_UP = "/api/v1/status-changes/?format=csv&company={company}"
CSV_LEAST = 0.5
CSV_FIRST_BYTE_MS = 100.0
CSV_MEMORY_MB = 16.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """One request: the address at ours and, where there is one, at the naive peer."""

    ours: str
    naive: str


class Parameters:
    """Values for the names in addresses."""

    def __init__(self, values: Mapping[str, Sequence[Any]]) -> None:
        self.values = values

    @classmethod
    def read(cls, connection: psycopg.Connection[Any]) -> Parameters:
        """Read, once, all that the database has."""
        return cls(
            {
                name: sorted(row[0] for row in connection.execute(query.encode()).fetchall())
                for name, query in VALUES.items()
            }
        )

    def draw(self, scenario: Scenario, count: int) -> list[Drawn]:
        """Draw up to ``count`` requests, none twice, in an order that the seed decides."""
        rng = seeded(SEED, scenario.name)
        names = [name for name in VALUES if f"{{{name}}}" in scenario.address]
        possible = 1
        for name in names:
            possible *= len(self.values[name])
        numbers = rng.sample(range(possible), min(count, possible))
        return [self._at(scenario, names, number) for number in numbers]

    def _at(self, scenario: Scenario, names: list[str], number: int) -> Drawn:
        chosen = {}
        for name in names:
            number, place = divmod(number, len(self.values[name]))
            chosen[name] = self.values[name][place]
        return Drawn(scenario.address.format(**chosen), scenario.naive_address.format(**chosen))


def busiest_company(connection: psycopg.Connection[Any]) -> int:
    """The company with the most public targets."""
    query = (
        f"SELECT t.company_id FROM campaigns_target t {_PUBLIC} "  # noqa: S608
        "GROUP BY t.company_id ORDER BY count(*) DESC, t.company_id LIMIT 1"
    )
    row = connection.execute(query.encode()).fetchone()
    assert row is not None, "the record has no public target"
    return int(row[0])


def searches(count: int) -> Iterator[str]:
    """Draw what people search for: common and rare words, several, phrases, and without a word."""
    words = Vocabulary()
    rng = seeded(SEED, "searches")

    def common() -> str:
        return rng.choice(words.common)

    def rare() -> str:
        return rng.choice(words.rare)

    kinds = (
        common,
        rare,
        lambda: f"{common()} {common()}",
        lambda: f"{common()} {rare()}",
        lambda: f'"{common()} {common()}"',
        lambda: f"{common()} -{common()}",
        lambda: f"{common()} -{rare()}",
    )
    for number in range(count):
        yield kinds[number % len(kinds)]()

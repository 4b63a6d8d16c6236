"""The table of docs/permissions.md, as the tests read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from campaigns.models import Role

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
VERBS = ("see", "add", "change", "delete")
STATES = ("draft", "public")


@dataclass(frozen=True)
class Cell:
    """The least role for one thing with one kind of record, in each state of its campaign."""

    record: str
    verb: str
    least: dict[str, str]

    def allows(self, who: str, state: str) -> bool:
        """Whether the table lets somebody do it."""
        least = self.least[state]
        if least == "nobody" or who not in Role.values:
            return False
        return Role(who).covers(Role(least))

    def __str__(self) -> str:
        return f"{self.verb}-{self.record.replace(' ', '_')}"


def cells() -> list[Cell]:
    """Return every cell of the table."""
    lines = [
        [cell.strip() for cell in line.strip("|\n ").split("|")]
        for line in PAGE.read_text().splitlines()
        if line.startswith("|")
    ]
    head, _rule, *rows = lines
    assert tuple(head[1:]) == VERBS
    return [
        Cell(record=row[0], verb=verb, least=_read(text))
        for row in rows
        for verb, text in zip(VERBS, row[1:], strict=True)
    ]


def _read(text: str) -> dict[str, str]:
    if ":" not in text:
        return dict.fromkeys(STATES, text)
    pairs = (part.split(":") for part in text.split(","))
    return {state.strip(): role.strip() for state, role in pairs}

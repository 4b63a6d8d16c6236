"""The columns and parts that a shape reads, gathered while it is being compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.prepared import Row

Parts = Sequence[Mapping[Any, Any]]
"""For each loaded part, what was loaded, by the key that it belongs to."""
Build = Callable[[Row, Parts], Any]
Load = Callable[[Sequence[Any], Any], Mapping[Any, Any]]
"""Loads one part: from the keys of a page, and the reading at hand, to what belongs to each key."""


def joined(prefix: str, path: str) -> str:
    """Return a path behind a prefix; ``=name`` is a column of the query itself, not of a record."""
    return path[1:] if path.startswith("=") else prefix + path


class Layout:
    """The columns of a shape while it is being compiled, each once, and the parts to be loaded."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.loads: list[tuple[int, Load]] = []
        self.constants: dict[str, Any] = {}

    def column(self, path: str) -> str:
        """Return the expression of a column."""
        return f"row[{self.place(path)}]"

    def place(self, path: str) -> int:
        """Return the place of a column in the rows."""
        if path not in self.paths:
            self.paths.append(path)
        return self.paths.index(path)

    def constant(self, value: Any) -> str:
        """Return the expression of a value that is the same for all records."""
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def part(self, path: str, load: Load) -> tuple[str, str]:
        """Return the expressions of a key, and of what is loaded by key."""
        entry = self.place(path), load
        if entry not in self.loads:
            self.loads.append(entry)
        return f"row[{entry[0]}]", f"parts[{self.loads.index(entry)}]"

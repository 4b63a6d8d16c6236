"""How much a parser may take: the bounds of every job in a child process."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ParserLimits:
    """The bounds of parsing; ValueError if one of them would bound nothing.

    processes: children of one pool, each doing one job at a time.
    seconds: from sending a job to its answer; waiting for a free child does not count.
    cpu_seconds: of one job, whole seconds; up to one more is granted.
    memory_mb: address space of a child, in units of 1024 × 1024 bytes; an idle one has 50, one that
        detects 300. Kept by Linux only.
    jobs: that a child does before another takes its place.
    answer_bytes: of one answer as JSON.
    """

    processes: int = 2
    seconds: float = 10
    cpu_seconds: int = 5
    memory_mb: int = 768
    jobs: int = 800
    answer_bytes: int = 20_000_000

    def __post_init__(self) -> None:
        for field in fields(self):
            least = 1e-3 if field.name == "seconds" else 1
            if not getattr(self, field.name) >= least:
                raise ValueError(f"{field.name} must be positive, not {getattr(self, field.name)}")

    @classmethod
    def from_settings(cls) -> Self:
        """Read the `PARSER_…` settings; one that is absent keeps the default above."""
        names = {field.name: f"PARSER_{field.name.upper()}" for field in fields(cls)}
        return cls(
            **{
                field: getattr(settings, name)
                for field, name in names.items()
                if hasattr(settings, name)
            }
        )

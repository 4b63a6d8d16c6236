"""The guide to the API, and the code in it."""

from __future__ import annotations

import re
from pathlib import Path

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
HERE = "http://127.0.0.1:8000"
"""Where the guide asks."""


def code(language: str, begin: str = "") -> str:
    """The first block of the guide in a language."""
    found = re.search(rf"^```{language}\n({re.escape(begin)}.+?)^```$", GUIDE, re.M | re.S)
    assert found is not None, language
    return found[1]

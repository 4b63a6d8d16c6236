"""Words of like meaning, so that what was learnt of "halt" also tells something of "suspend"."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources

FILE = "kinds.txt"


@functools.cache
def kinds() -> Mapping[str, str]:
    """Return the kind of each stem that has one, named after its most frequent stem.

    The data file has one kind a line: stems of like meaning as ``tokens.stem`` gives them, parted
    by spaces. It is grouped by ``training/kinds.py``, which writes it anew. A line may gain or lose
    stems behind the first; what has another first stem weighs nothing until weights are learnt.
    """
    text = resources.files(__package__).joinpath(FILE).read_text("utf-8")
    return {
        stem: f"~{line.partition(' ')[0]}" for line in text.splitlines() for stem in line.split()
    }

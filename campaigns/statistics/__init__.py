"""Numbers about what was asked, answered, promised and kept, with the counts behind each.

Read from top to bottom: ``definitions`` says in words what each figure means, ``statement`` asks
the database for the counts as ``raw`` rows, ``folding`` makes ``results`` of them, ``tables`` lays
these out flat, and ``reading`` is what callers use.
"""

from campaigns.statistics.definitions import DEFINITIONS, FIELDS, Figure, Grouping
from campaigns.statistics.reading import MAX_GROUPS, compute, group_keys
from campaigns.statistics.results import GroupStatistics, Statistics
from campaigns.statistics.tables import COLUMNS, rows

__all__ = [
    "COLUMNS",
    "DEFINITIONS",
    "FIELDS",
    "MAX_GROUPS",
    "Figure",
    "GroupStatistics",
    "Grouping",
    "Statistics",
    "compute",
    "group_keys",
    "rows",
]

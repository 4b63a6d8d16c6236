"""What the statement answers with: pure."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from campaigns.statuses import Status

TARGETS = "targets"
"""Marks the rows that count the targets of a group; the others are marked by a figure."""

NONE = -1
"""Where a row has no status."""

STATUSES = tuple(Status)
"""The statement numbers statuses by their place here: numbers sort and compare faster."""


class State(IntEnum):
    """Whether a length of time could be measured."""

    MEASURED = 0
    IMPRECISE = 1
    UNANSWERED = 2


class Row(NamedTuple):
    """A row of the statement; each figure uses the columns its way.

    ================  ===========  ==============  ============  ========  =============
    figure            status       label           number        more      last three
    ================  ===========  ==============  ============  ========  =============
    targets           -            -               targets       -         -
    changes           reached      period          changes       of these  -
                                                                 continued
    promises          conceded     ended by        targets       -         -
    time_in_status    spent in     :class:`State`  a length in   lengths   all lengths of
                                                   days          up to it  that state
    first_response    -            :class:`State`  a length in   lengths   all lengths of
                                                   days          up to it  that state
    ================  ===========  ==============  ============  ========  =============

    A period is the year and two digits for the month, 00 if only the year is known: 202006, 202000.
    """

    figure: str
    group_id: int
    status: int
    label: int
    number: int
    more: int
    length_count: int
    open_count: int
    total_days: int

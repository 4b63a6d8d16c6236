"""The one statement behind all figures: pure.

One statement sees one state of the database, so the figures of an answer agree with each other
whatever is recorded meanwhile. Its rows are few whatever the number of targets: counts by month
and status, and of the many lengths of time only those that decide a quartile.

Days are numbered as :meth:`datetime.date.toordinal` does. A *moment* is four times the number of a
day, plus 0, 1 or 2 if the day, the month or the year is known (the *rank* of a date), so that the
least moment of several is the first in the order of history and, of those of one day, the most
precise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from string import Template

from campaigns.statistics.definitions import ANSWERS, Figure
from campaigns.statistics.raw import NONE, STATUSES, TARGETS, State
from campaigns.statuses import CONCEDED, ENDS_OUTCOME, Status

Parameter = str | int
"""What the statement is given: names, numbers, and days as ISO 8601."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the two databases say differently; ``$day`` stands for a column of days."""

    number: str
    """The day as a number."""
    month_end: str
    """The last day of its month, as a number."""
    year_end: str
    year: str
    """Its year, as a number."""
    month: str


DIALECTS = {
    "postgresql": Dialect(
        number="($day - DATE '0001-01-01' + 1)",
        month_end="(CAST(date_trunc('month', $day) + INTERVAL '1 month' AS date)"
        " - DATE '0001-01-01')",
        year_end="(CAST(date_trunc('year', $day) + INTERVAL '1 year' AS date) - DATE '0001-01-01')",
        year="CAST(date_part('year', $day) AS integer)",
        month="CAST(date_part('month', $day) AS integer)",
    ),
    "sqlite": Dialect(
        number="CAST(julianday($day) - 1721424.5 AS integer)",
        month_end="CAST(julianday($day, 'start of month', '+1 month') - 1721425.5 AS integer)",
        year_end="CAST(julianday($day, 'start of year', '+1 year') - 1721425.5 AS integer)",
        year="CAST(substr($day, 1, 4) AS integer)",
        month="CAST(substr($day, 6, 2) AS integer)",
    ),
}

# The history in effect, as campaigns.timeline.in_effect has it; `before` is the status before.
_HISTORY = """
history (target_id, sequence, status, on_day, number, rank, before) AS (
  SELECT target_id, sequence, status, on_day, number, rank,
    LAG(status) OVER (PARTITION BY target_id ORDER BY number, sequence)
  FROM (
    SELECT s.target_id, s.sequence, $status_number AS status, s.effective_on AS on_day,
      $effective_number AS number, $effective_rank AS rank
    FROM campaigns_statuschange s
    WHERE s.target_id IN (SELECT target_id FROM member)
      AND s.to_status IS NOT NULL AND s.effective_on <= %s
      AND NOT EXISTS (SELECT 1 FROM campaigns_statuschange c WHERE c.corrects_id = s.sequence)
  ) effective
)"""

# Unbroken runs of one status, each until the next begins.
_RUNS = """
run (target_id, status, number, rank, end_number, end_rank) AS (
  SELECT target_id, status, number, rank, LEAD(number) OVER w, LEAD(rank) OVER w
  FROM history WHERE before IS NULL OR before <> status
  WINDOW w AS (PARTITION BY target_id ORDER BY number, sequence)
)"""

# An action counts for targets of its own campaign, so none of a draft counts for a public target.
_DEMANDS = """
demand (target_id, moment) AS (
  SELECT target_id, MIN(moment) FROM (
    SELECT target_id, number * 4 + rank AS moment FROM history WHERE status = $asked
    UNION ALL
    SELECT t.target_id, MIN($action_number * 4 + $action_rank)
    FROM campaigns_action_targets t
    JOIN campaigns_action a ON a.id = t.action_id
    JOIN member m ON m.target_id = t.target_id AND m.campaign_id = a.campaign_id
    WHERE a.happened_on <= %s
    GROUP BY t.target_id
  ) asked GROUP BY target_id
)"""

# Everything that answers, with the last day on which it may have happened.
_ANSWERS = """
answer (target_id, moment, last_number) AS (
  SELECT target_id, number * 4 + rank, $history_last
  FROM history WHERE status IN ($answers)
  UNION ALL
  SELECT r.target_id, $response_number * 4 + $response_rank, $response_last
  FROM campaigns_response r
  WHERE r.target_id IN (SELECT target_id FROM member) AND r.happened_on <= %s
)"""

_FIRST_ANSWERS = """
first_answer (target_id, asked, answered) AS (
  SELECT d.target_id, d.moment, MIN(a.moment)
  FROM demand d
  LEFT JOIN answer a ON a.target_id = d.target_id AND a.last_number >= d.moment / 4
  GROUP BY d.target_id, d.moment
)"""

# Of each target that won something: what it won last, and what ended that first.
_PROMISES = """
promise (target_id, status, ended_by) AS (
  SELECT target_id, status, ended_by FROM (
    SELECT target_id, status, LAG(status) OVER w AS ended_by,
      SUM(CASE WHEN status IN ($conceded) THEN 1 ELSE 0 END) OVER w AS conceded_since
    FROM history WHERE status IN ($conceded, $ends)
    WINDOW w AS (PARTITION BY target_id ORDER BY number DESC, sequence DESC
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
  ) deciding WHERE status IN ($conceded) AND conceded_since = 1
)"""

# Columns of every part: see raw.Row. `$by_group` joins the groups of x, if there is more than one.
_TARGETS_PART = """
SELECT '$targets', group_id, $none, $none, COUNT(*), 0, 0, 0, 0 FROM member GROUP BY group_id"""

_CHANGES_PART = """
SELECT '$changes', $group_id, x.status, x.period, COUNT(*), SUM(x.continued), 0, 0, 0
FROM (
  SELECT target_id, status, $year * 100 + CASE WHEN rank < 2 THEN $month ELSE 0 END AS period,
    CASE WHEN before = status THEN 1 ELSE 0 END AS continued
  FROM history
) x $by_group
GROUP BY 2, x.status, x.period"""

_PROMISES_PART = """
SELECT '$promises', $group_id, x.status, COALESCE(x.ended_by, $none), COUNT(*), 0, 0, 0, 0
FROM promise x $by_group
GROUP BY 2, x.status, x.ended_by"""

_LENGTHS = """
length (figure, group_id, status, state, days, amount, open_amount) AS ("""

_TIMES = """
SELECT '$times', $group_id, x.status, x.state, x.days, COUNT(*), SUM(x.is_open)
FROM (
  SELECT target_id, status,
    CASE WHEN end_number IS NULL THEN 1 ELSE 0 END AS is_open,
    CASE WHEN $run_measured THEN $measured ELSE $imprecise END AS state,
    CASE WHEN $run_measured THEN COALESCE(end_number, %s) - number ELSE 0 END AS days
  FROM run
) x $by_group
GROUP BY 2, x.status, x.state, x.days"""

_RESPONSES = """
SELECT '$responses', $group_id, $none, x.state, x.days, COUNT(*), 0
FROM (
  SELECT target_id,
    CASE WHEN answered IS NULL THEN $unanswered WHEN $answer_measured THEN $measured
      ELSE $imprecise END AS state,
    CASE WHEN $answer_measured THEN (answered - asked) / 4 ELSE 0 END AS days
  FROM first_answer
) x $by_group
GROUP BY 2, x.state, x.days"""

# Lengths of time, and how many are at most so long; kept where a neighbour of a quartile is.
_LENGTHS_PART = """
SELECT figure, group_id, status, state, days, upto_count, length_count, open_count, total_days
FROM (
  SELECT figure, group_id, status, state, days, amount,
    CAST(SUM(amount) OVER (PARTITION BY figure, group_id, status, state ORDER BY days)
      AS bigint) AS upto_count,
    CAST(SUM(amount) OVER w AS bigint) AS length_count,
    CAST(SUM(open_amount) OVER w AS bigint) AS open_count,
    CAST(SUM(days * amount) OVER w AS bigint) AS total_days
  FROM length
  WINDOW w AS (PARTITION BY figure, group_id, status, state)
) placed WHERE $decides"""

_WHOLE = "SELECT * FROM (WITH $tables $parts) figures"


def statement(
    vendor: str,
    member: tuple[str, Iterable[Parameter]],
    *,
    until: dt.date,
    figures: Collection[Figure],
    is_grouped: bool,
) -> tuple[str, list[Parameter]]:
    """Return the statement and its parameters.

    It begins with SELECT, so that common table expressions that stand in for tables (those of the
    time machine) can be put in front of it.

    Args:
        vendor: a key of :data:`DIALECTS`.
        member: a query of targets, their campaigns and groups, and its parameters.
        until: the last day that counts.
        figures: which figures to compute.
        is_grouped: whether there may be more groups than number 0.
    """
    sql, params = member
    lengths = [_TIMES] if Figure.TIME_IN_STATUS in figures else []
    if {Figure.FIRST_RESPONSE, Figure.ANSWERED} & set(figures):
        lengths.append(_RESPONSES)
    parts = [_TARGETS_PART, *_parts_of(figures), *([_LENGTHS_PART] if lengths else [])]
    tables = ["member (target_id, campaign_id, group_id) AS (" + sql.replace("$", "$$") + ")"]
    tables += [_HISTORY, _RUNS, _DEMANDS, _ANSWERS, _FIRST_ANSWERS, _PROMISES]
    tables += [_LENGTHS + " UNION ALL ".join(lengths) + ")"] if lengths else []
    text = _WHOLE.replace("$tables", ",".join(tables)).replace("$parts", " UNION ALL ".join(parts))
    names = {
        **_NAMES,
        **_names_in(DIALECTS[vendor]),
        "group_id": "m.group_id" if is_grouped else "0",
        "by_group": "JOIN member m ON m.target_id = x.target_id" if is_grouped else "",
    }
    days = [until.isoformat()] * 3
    numbers = [until.toordinal()] if _TIMES in lengths else []
    return Template(text).substitute(names), [*params, *days, *numbers]


def _parts_of(figures: Collection[Figure]) -> Iterator[str]:
    if Figure.CHANGES in figures:
        yield _CHANGES_PART
    if Figure.PROMISES in figures:
        yield _PROMISES_PART


def _number(status: Status) -> str:
    return str(STATUSES.index(status))


def _listed(statuses: Iterable[Status]) -> str:
    return ", ".join(sorted(map(_number, statuses)))


def _rank(precision: str) -> str:
    return f"CASE {precision} WHEN 'day' THEN 0 WHEN 'month' THEN 1 ELSE 2 END"


def _holds(quarter: int) -> str:
    """Tell in SQL whether a row holds a value next to the place of a quartile."""
    below = f"{quarter} * (length_count - 1) / 4"
    above = f"({quarter} * (length_count - 1) + 3) / 4"
    return f"({below} < upto_count AND {above} >= upto_count - amount)"


_NAMES = {
    "targets": TARGETS,
    "changes": Figure.CHANGES,
    "promises": Figure.PROMISES,
    "times": Figure.TIME_IN_STATUS,
    "responses": Figure.FIRST_RESPONSE,
    "none": str(NONE),
    "measured": str(State.MEASURED.value),
    "imprecise": str(State.IMPRECISE.value),
    "unanswered": str(State.UNANSWERED.value),
    "status_number": "CASE s.to_status "
    + " ".join(f"WHEN '{status}' THEN {_number(status)}" for status in STATUSES)
    + " END",
    "asked": _number(Status.CALLED_ON),
    "answers": _listed(ANSWERS),
    "conceded": _listed(CONCEDED),
    "ends": _listed(ENDS_OUTCOME),
    "effective_rank": _rank("s.effective_precision"),
    "action_rank": _rank("a.happened_precision"),
    "response_rank": _rank("r.happened_precision"),
    "run_measured": "rank = 0 AND COALESCE(end_rank, 0) = 0",
    "answer_measured": "asked %% 4 = 0 AND answered %% 4 = 0",
    "decides": " OR ".join(_holds(quarter) for quarter in (1, 2, 3)),
}


def _names_in(dialect: Dialect) -> dict[str, str]:
    def of(template: str, day: str) -> str:
        return Template(template).substitute(day=day)

    def last(day: str, number: str, rank: str) -> str:
        ends = of(dialect.month_end, day), of(dialect.year_end, day)
        return f"CASE {rank} WHEN 0 THEN {number} WHEN 1 THEN {ends[0]} ELSE {ends[1]} END"

    response = of(dialect.number, "r.happened_on")
    return {
        "effective_number": of(dialect.number, "s.effective_on"),
        "action_number": of(dialect.number, "a.happened_on"),
        "response_number": response,
        "history_last": last("on_day", "number", "rank"),
        "response_last": last("r.happened_on", response, _rank("r.happened_precision")),
        "year": of(dialect.year, "on_day"),
        "month": of(dialect.month, "on_day"),
    }

"""What each figure means, in words that the API and its documentation show beside it: pure."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from campaigns.statuses import Status


class Figure(TextChoices):
    """What can be asked for. The values are public: fields of the answer and rows of the table."""

    CHANGES = "changes", _("changes per month")
    FIRST_RESPONSE = "first_response", _("days from demand to first response")
    ANSWERED = "answered", _("demands answered")
    TIME_IN_STATUS = "time_in_status", _("time spent in each status")
    PROMISES = "promises", _("promises and what became of them")


class Grouping(TextChoices):
    """By what the targets can be grouped."""

    COMPANY = "company", _("company")
    TOPIC = "topic", _("topic")
    ORGANIZATION = "organization", _("organization")


class Fate(TextChoices):
    """What became of a promise; each promise has exactly one."""

    KEPT = "kept", _("kept")
    OPEN = "open", _("still open")
    EXPIRED = "expired", _("expired")
    REVERSED = "reversed", _("reversed")
    WITHDRAWN = "withdrawn", _("withdrawn")


ANSWERS = frozenset(
    {
        Status.UNDER_REVIEW,
        Status.REFUSED,
        Status.PARTIAL,
        Status.COMMITTED,
        Status.PAUSED,
        Status.MET,
        Status.SETTLED,
        Status.REVERSED,
    }
)
"""Statuses by whose arrival the company itself answers. A suit, a court's order, a lapse or the end
of the campaign's demand is somebody else's doing, or nobody's."""

DEFINITIONS = {
    Figure.CHANGES: _(
        "Status changes by the month in which they took effect and by the status that was reached. "
        "What was corrected or retracted does not count; the correction does, in the month that "
        "it gives. A change that is dated to a year only is counted under the year, in no month. "
        "Changes that kept the status, such as the extension of a moratorium, are counted and "
        "told apart."
    ),
    Figure.FIRST_RESPONSE: _(
        "Days from the demand to the first response. The demand is made on the day of the first "
        "status “called on” or of the first action that names the target, whichever is earlier. "
        "The first response is the first response on record (a “no comment” is one) or the first "
        "change to under review, refused, partly met, committed, paused, met, settled or "
        "reversed, whichever is earlier, on the day of the demand or after it. Only targets with "
        "both are measured, and only if both are dated to the day; where the first is dated to a "
        "month or a year, the target is counted as imprecise."
    ),
    Figure.ANSWERED: _(
        "Targets with a first response, of all targets with a demand, both by the day of the "
        "figures and as defined for the days to the first response. Demands that were dropped "
        "since are included; targets without a demand on record are counted apart."
    ),
    Figure.TIME_IN_STATUS: _(
        "Days in each status. An interval begins when a target reaches a status and ends when it "
        "reaches another: an extension does not end it. An interval that has not ended is open, "
        "and counts until the day of the figures. Intervals that begin or end on a date that is "
        "known to a month or a year only are counted as imprecise and not measured."
    ),
    Figure.PROMISES: _(
        "Targets that ever conceded something: that reached the status partly met, committed, "
        "paused, met, mandated or settled. Each counts once, by what became of its last "
        "concession; a review or a suit in the meantime changes nothing."
    ),
}
"""One sentence or more for each figure."""

FATES = {
    Fate.KEPT: _("The last concession was to meet the demand, and nothing has ended it."),
    Fate.OPEN: _("Something less is conceded, and nothing has ended it."),
    Fate.EXPIRED: _("The concession lapsed: the status “expired” ended it."),
    Fate.REVERSED: _("It was walked back: the status “reversed” or “refused” ended it."),
    Fate.WITHDRAWN: _("The campaign dropped the demand before anything else ended it."),
}

GROUPS = _(
    "A target counts in each group that it belongs to: under its own company (not under a parent "
    "company), under each topic and under each organization of its campaign. Groups by topic or "
    "organization therefore overlap, and their counts do not add up to those of all targets."
)

DAY = _(
    "Figures count what had happened in the world by this day. A date known to a month or a year "
    "only counts from the first day of it. A day in the future is read as today."
)

_LENGTHS = {
    "measured_count": _("How many lengths of time the days are computed from."),
    "imprecise_count": _("How many are left out because a date is known to a month or year only."),
    "median_days": _("Median in days; null when nothing was measured."),
    "lower_quartile_days": _("A quarter took at most so many days, in proportion between two."),
    "upper_quartile_days": _("Three quarters took at most so many days, in proportion."),
}
_PERIODS = {
    "status": _("The status that was reached."),
    "change_count": _("Status changes in effect, of any kind."),
    "continued_count": _("Of these, changes that kept the status that the target had before."),
}

FIELDS = {
    "as_of": DAY,
    "group_by": _("By what the targets are grouped; null for one group of all."),
    "results": _("One entry for each group that was asked for, in that order."),
    "results.group_id": _("Number of the company, topic or organization; null for all targets."),
    "results.target_count": _("Targets behind the figures."),
    "results.changes": DEFINITIONS[Figure.CHANGES],
    "results.changes.change_count": _PERIODS["change_count"],
    "results.changes.continued_count": _PERIODS["continued_count"],
    "results.changes.months": _("Months and statuses that have changes, in order."),
    "results.changes.months.period": _("A month: 2020-06."),
    **{f"results.changes.months.{name}": text for name, text in _PERIODS.items()},
    "results.changes.years": _("The same for changes that are dated to a year only."),
    "results.changes.years.period": _("A year: 2020."),
    **{f"results.changes.years.{name}": text for name, text in _PERIODS.items()},
    "results.first_response": DEFINITIONS[Figure.FIRST_RESPONSE],
    **{f"results.first_response.{name}": text for name, text in _LENGTHS.items()},
    "results.first_response.unanswered_count": _("Targets with a demand and no response yet."),
    "results.answered": DEFINITIONS[Figure.ANSWERED],
    "results.answered.asked_count": _("Targets with a demand."),
    "results.answered.answered_count": _("Of these, targets with a response."),
    "results.answered.unanswered_count": _("Of these, targets without a response."),
    "results.answered.answered_share": _("Answered, of those asked: 0 to 1; null of none."),
    "results.answered.not_asked_count": _("Targets without a demand on record by that day."),
    "results.time_in_status": DEFINITIONS[Figure.TIME_IN_STATUS],
    "results.time_in_status.status": _("The status."),
    "results.time_in_status.interval_count": _("Intervals in this status."),
    "results.time_in_status.open_count": _("Of these, intervals that have not ended."),
    "results.time_in_status.total_days": _("Days of all measured intervals together."),
    **{f"results.time_in_status.{name}": text for name, text in _LENGTHS.items()},
    "results.promises": DEFINITIONS[Figure.PROMISES],
    "results.promises.promise_count": _("Targets that ever conceded something."),
    **{f"results.promises.{fate}_count": text for fate, text in FATES.items()},
    **{
        f"results.promises.{fate}_share": _("The same, of all promises: 0 to 1; null of none.")
        for fate in Fate
    },
}
"""What each field of :meth:`Statistics.as_json` means, by its path."""

"""Rows of what was said, done and conceded, and how we know: actions, the log, evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from benchmarks.api.chance import skewed
from benchmarks.api.histories import LAST_DAY, Change
from benchmarks.api.plan import Plan, TargetPlan
from benchmarks.api.records import CREATED_AT, Rows, at
from campaigns.dates import Precision, first_day
from campaigns.models import Action, Response

_PRECISIONS = (Precision.DAY, Precision.MONTH, Precision.YEAR)
_PRECISE = (90, 8, 2)
_PUBLISHERS = ("The Courier", "Daily Ledger", "Wire Service", "Public Radio", "Company blog")
# How often a fact has its sources, and how many it then has.
_CITED = {"action": 0.35, "response": 0.6, "outcome": 0.5, "status_change": 0.95, "position": 1.0}


def _drawn_campaigns(plan: Plan) -> list[int]:
    """The campaign of each action: a few campaigns have many."""
    rng = plan.rng("campaigns of actions")
    order = list(range(1, plan.sizes.campaigns + 1))
    rng.shuffle(order)
    return [order[skewed(rng, len(order))] for _ in range(plan.sizes.actions)]


def _after(day: dt.date, rng: Any, mean: float) -> dt.date:
    return min(day + dt.timedelta(days=int(rng.expovariate(1 / mean))), LAST_DAY)


def _actions(plan: Plan) -> Rows:
    rng = plan.rng("actions")
    kinds = Action.Kind.values
    days = _days_of_actions(plan)
    for pk, (campaign, day) in enumerate(zip(_drawn_campaigns(plan), days, strict=True), 1):
        precision = rng.choices(_PRECISIONS, _PRECISE)[0]
        has_count = rng.random() < 0.6
        created_at = at(_after(day, rng, 5), 8 + rng.random() * 12)
        yield (
            pk, campaign, kinds[skewed(rng, len(kinds))],
            plan.words.title(rng, rng.randint(4, 9))[:300],
            plan.words.text(rng, rng.randint(8, 36)), first_day(day, precision), precision.value,
            min(int(rng.lognormvariate(5, 2)) + 1, 2_000_000) if has_count else None,
            created_at, created_at,
        )  # fmt: skip


def _days_of_actions(plan: Plan) -> list[dt.date]:
    rng = plan.rng("days of actions")
    return [
        _after(plan.campaigns[campaign - 1].begins_on, rng, 300)
        for campaign in _drawn_campaigns(plan)
    ]


def _action_organizations(plan: Plan) -> Rows:
    rng = plan.rng("action organizations")
    for pk in range(1, plan.sizes.actions + 1):
        count = rng.choice((1, 1, 1, 2))
        drawn = {1 + skewed(rng, plan.sizes.organizations) for _ in range(count)}
        yield from ((pk, organization) for organization in sorted(drawn))


def _action_targets(plan: Plan) -> Rows:
    rng = plan.rng("action targets")
    for pk, campaign in enumerate(_drawn_campaigns(plan), 1):
        of_campaign = plan.targets_of[campaign]
        if rng.random() < 0.6:
            count = min(rng.choice((1, 1, 2)), len(of_campaign))
            yield from ((pk, target) for target in sorted(rng.sample(of_campaign, count)))


def _answering_targets(plan: Plan) -> list[TargetPlan]:
    """The target of each response."""
    rng = plan.rng("targets of responses")
    return [rng.choice(plan.targets) for _ in range(plan.sizes.responses)]


def _responses(plan: Plan) -> Rows:
    rng = plan.rng("responses")
    actions: dict[int, list[tuple[int, dt.date]]] = {}
    asked = zip(_drawn_campaigns(plan), _days_of_actions(plan), strict=True)
    for action, (campaign, day) in enumerate(asked, 1):
        actions.setdefault(campaign, []).append((action, day))
    for pk, target in enumerate(_answering_targets(plan), 1):
        of_campaign = actions.get(target.campaign.pk)
        answers, asked_on = (
            rng.choice(of_campaign)
            if of_campaign and rng.random() < 0.7
            else (None, target.campaign.begins_on)
        )
        happened_on = _after(asked_on, rng, 40)
        created_at = at(_after(happened_on, rng, 3), 8 + rng.random() * 12)
        yield (
            pk, target.pk, answers, rng.choice(Response.Kind.values),
            plan.words.text(rng, rng.randint(10, 30)), happened_on, Precision.DAY.value,
            created_at, created_at,
        )  # fmt: skip


def _outcomes(plan: Plan) -> Rows:
    rng = plan.rng("outcomes")
    for change in plan.brought():
        terms = change.outcome
        assert terms is not None
        waits = rng.random() < 0.08
        yield (
            terms.pk, change.target, terms.kind, plan.words.text(rng, rng.randint(10, 25)),
            plan.words.title(rng, 4) if rng.random() < 0.4 else "",
            plan.words.title(rng, 6) if waits else "",
            rng.randint(1, plan.sizes.bills) if waits and rng.random() < 0.6 else None,
            terms.effective_on, terms.effective_precision.value, terms.expires_on,
            terms.expires_precision.value, terms.review_on, terms.supersedes, change.recorded_at,
        )  # fmt: skip


def _exemptions(plan: Plan) -> Rows:
    rng = plan.rng("exemptions")
    pk = 0
    for change in plan.brought():
        assert change.outcome is not None
        for name in rng.sample(plan.words.names, rng.choice((0, 0, 0, 0, 1, 2))):
            pk += 1
            yield pk, change.outcome.pk, name


def _status_changes(plan: Plan) -> Rows:
    rng = plan.rng("status changes")
    for change in plan.log:
        yield (
            change.sequence, change.target, change.kind,
            change.from_status.value if change.from_status else None,
            change.to_status.value if change.to_status else None,
            change.effective_on, change.effective_precision.value, change.recorded_at,
            plan.words.text(rng, rng.randint(8, 24)),
            change.outcome.pk if change.outcome else None,
            change.corrects.sequence if change.corrects else None, rng.random() < 0.3,
        )  # fmt: skip


def _documents(plan: Plan) -> Rows:
    rng = plan.rng("documents")
    for pk in range(1, plan.sizes.documents + 1):
        precision = rng.choices(_PRECISIONS, _PRECISE)[0]
        day = LAST_DAY - dt.timedelta(days=skewed(rng, 5_000))
        yield (
            pk, f"https://news-{pk % 97}.example/articles/{pk}", plan.words.title(rng, 8)[:300],
            rng.choice(_PUBLISHERS), first_day(day, precision) if rng.random() < 0.95 else None,
            precision.value, CREATED_AT, CREATED_AT,
        )  # fmt: skip


def _citations(plan: Plan) -> Rows:
    rng = plan.rng("citations")
    campaigns = _campaigns_of_facts(plan)
    for pk, (fact, number, created_at) in enumerate(_cited_facts(plan), 1):
        yield (
            pk, 1 + skewed(rng, plan.sizes.documents), plan.words.text(rng, rng.randint(6, 20)),
            f"{rng.getrandbits(256):064x}" if rng.random() < 0.3 else "",
            *(number if name == fact else None for name in _CITED), created_at,
            campaigns[fact][number - 1] if fact in campaigns else None,
        )  # fmt: skip


def _campaigns_of_facts(plan: Plan) -> dict[str, list[int]]:
    """The campaign of each fact, in the order of their numbers; positions have none."""

    def of_targets(changes: Iterable[Change]) -> list[int]:
        return [plan.targets[change.target - 1].campaign.pk for change in changes]

    return {
        "action": _drawn_campaigns(plan),
        "response": [target.campaign.pk for target in _answering_targets(plan)],
        "outcome": of_targets(plan.brought()),
        "status_change": of_targets(plan.log),
    }


def _cited_facts(plan: Plan) -> Iterator[tuple[str, int, dt.datetime]]:
    rng = plan.rng("cited facts")
    counts = {
        "action": plan.sizes.actions,
        "response": plan.sizes.responses,
        "outcome": sum(1 for _ in plan.brought()),
        "status_change": len(plan.log),
        "position": plan.sizes.bills * 2,
    }
    for fact, count in counts.items():
        for number in range(1, count + 1):
            if rng.random() < _CITED[fact]:
                in_log = fact == "status_change"
                created_at = plan.log[number - 1].recorded_at if in_log else at(LAST_DAY)
                for _ in range(rng.choice((1, 1, 1, 1, 2))):
                    yield fact, number, created_at


TABLES: dict[str, tuple[Sequence[str], Callable[[Plan], Rows]]] = {
    "campaigns_action": (
        ("id", "campaign_id", "kind", "title", "description", "happened_on", "happened_precision",
         "participants_count", "created_at", "updated_at"),
        _actions,
    ),
    "campaigns_action_organizations": (("action_id", "organization_id"), _action_organizations),
    "campaigns_action_targets": (("action_id", "target_id"), _action_targets),
    "campaigns_response": (
        ("id", "target_id", "answers_id", "kind", "summary", "happened_on", "happened_precision",
         "created_at", "updated_at"),
        _responses,
    ),
    "campaigns_outcome": (
        ("id", "target_id", "kind", "terms", "scope", "condition", "condition_bill_id",
         "effective_on", "effective_precision", "expires_on", "expires_precision", "review_on",
         "supersedes_id", "recorded_at"),
        _outcomes,
    ),
    "campaigns_exemption": (("id", "outcome_id", "name"), _exemptions),
    "campaigns_statuschange": (
        ("sequence", "target_id", "kind", "from_status", "to_status", "effective_on",
         "effective_precision", "recorded_at", "summary", "outcome_id", "corrects_id",
         "is_silent"),
        _status_changes,
    ),
    "campaigns_document": (
        ("id", "url", "title", "publisher", "published_on", "published_precision", "created_at",
         "updated_at"),
        _documents,
    ),
    "campaigns_citation": (
        ("id", "document_id", "quote", "snapshot_hash",
         *(f"{fact}_id" for fact in _CITED), "created_at", "campaign_id"),
        _citations,
    ),
}  # fmt: skip
"""Each table with the columns that are written and the function that makes its rows."""

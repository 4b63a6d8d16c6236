"""Generated histories obey the rules of the log."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace
from typing import Any

from benchmarks.api.histories import LAST_DAY, NEXT, Change
from benchmarks.api.plan import Plan, make_plan
from campaigns.models import Outcome, StatusChange
from campaigns.services.drafts import OutcomeDraft
from campaigns.services.planning import Claim, plan_step
from campaigns.statuses import Status, is_step
from campaigns.timeline import Entry


def make_small_plan(seed: int = 1) -> Plan:
    return make_plan(0.004, seed)


def test_every_step_that_can_be_drawn_is_one_that_makes_sense() -> None:
    steps = [(before, after) for before, likely in NEXT.items() for after in likely]

    assert all(is_step(before, after) for before, after in steps)
    assert {before for before, _ in steps} == {None, *Status}


def test_the_log_is_numbered_without_gaps_in_the_order_of_recording() -> None:
    log = make_small_plan().log

    assert [change.sequence for change in log] == list(range(1, 1_001))
    moments = [change.recorded_at for change in log]
    assert moments == sorted(moments)


def test_the_same_seed_gives_the_same_histories_and_another_seed_others() -> None:
    first, again, other = (
        [change.as_entry() for change in make_small_plan(seed).log] for seed in (1, 1, 2)
    )

    assert first == again
    assert first != other


def test_no_target_is_left_with_a_lapsed_outcome() -> None:
    for target in make_small_plan().targets:
        expires_on = target.standing.expires_on
        assert expires_on is None or expires_on > LAST_DAY


def test_the_one_writer_would_have_written_every_row_just_so() -> None:
    plan = make_small_plan()
    kinds = set()
    for target in plan.targets:
        entries: list[Entry] = []
        for change in target.history:
            step = plan_step(
                _claim(change), entries, sequence=change.sequence, now=change.recorded_at
            )
            assert (step.kind, step.from_status) == (change.kind, change.from_status)
            if change.brings and change.outcome:
                assert step.superseded_id == change.outcome.supersedes
            entries.append(change.as_entry())
            kinds.add(change.kind)

    assert kinds == set(StatusChange.Kind.values)


def _claim(change: Change) -> Claim:
    target: Any = SimpleNamespace(pk=change.target)
    wrong: Any = change.corrects and SimpleNamespace(
        pk=change.corrects.sequence,
        target_id=change.target,
        to_status=change.corrects.to_status,
        effective_on=change.corrects.effective_on,
        effective_precision=change.corrects.effective_precision,
        outcome_id=change.corrects.outcome.pk if change.corrects.outcome else None,
    )
    return Claim(
        target=target,
        to_status=change.to_status,
        effective_on=change.effective_on,
        effective_precision=change.effective_precision,
        outcome=_outcome(change),
        extends=change.kind == "extension",
        corrects=wrong,
    )


def _outcome(change: Change) -> OutcomeDraft | Outcome | None:
    terms = change.outcome
    if terms is None or not change.brings:
        return Outcome(pk=terms.pk, target_id=change.target) if terms else None
    return OutcomeDraft(
        kind=terms.kind,
        terms="Terms",
        expires_on=terms.expires_on,
        expires_precision=terms.expires_precision,
        review_on=terms.review_on,
    )


def test_words_are_as_common_and_rare_as_in_a_language() -> None:
    plan = make_small_plan()
    words = plan.words.text(Random(1), 100_000).split()
    common = words.count(plan.words.common[0])

    assert 200 < common < 1_500
    assert sum(words.count(word) for word in plan.words.rare[:20]) < common / 2

"""Requests a second under wrk: ours, the bare limit and the naive peer, taking turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.api.bench import Bench, WrongAnswer, results_of
from benchmarks.api.results import Result, rate, unavailable
from benchmarks.api.scenarios import REPEATED, THROUGHPUT, Scenario
from benchmarks.api.servers import Client
from benchmarks.api.wrk import Load, Wrk

WARM_UP_SECONDS = 2
ROUNDS = 2
"""Servers take turns, so that a slower minute of the machine is one for all of them."""
CHECKED = 5


def measure(bench: Bench) -> Iterator[Result]:
    """Measure repeated reads, then each kind of request whose answer is new."""
    yield from _repeated(bench)
    for scenario in THROUGHPUT:
        yield from _varied(bench, scenario)


def _repeated(bench: Bench) -> Iterator[Result]:
    path = bench.repeated_path
    first = Client(bench.servers["ours"]).get(path)
    etag = first.headers.get("etag", "")
    status = 0
    if etag:
        status = Client(bench.servers["ours"]).get(path, {"If-None-Match": etag}).status
    runs = {
        "ours": Wrk(bench.folder, bench.servers["ours"].origin, [path]),
        "bare": Wrk(bench.folder, bench.servers["bare"].origin, [f"/{REPEATED.name}/0"]),
    }
    if status == 304:
        origin = bench.servers["ours"].origin
        runs["validated"] = Wrk(bench.folder, origin, [path], etag=etag)
    loads = _taking_turns(runs, bench.seconds)
    goal = REPEATED.least_of_bare
    yield _compared("repeated read, 200 / uncached limit", loads["ours"], loads["bare"], goal)
    what = "repeated read, 304 / uncached limit"
    if status == 304:
        yield _compared(what, loads["validated"], loads["bare"], goal)
    else:
        yield unavailable(what, status or first.status, at_least=goal)


def _varied(bench: Bench, scenario: Scenario) -> Iterator[Result]:
    if scenario.name in bench.refused:
        refused = bench.refused[scenario.name]
        yield unavailable(scenario.what, refused, at_least=scenario.least_of_bare)
        return
    drawn = bench.drawn[scenario.name]
    addresses = {
        "ours": [each.ours for each in drawn],
        "bare": [f"/{scenario.name}/{number}" for number in range(bench.captured[scenario.name])],
    }
    if scenario.naive_address:
        addresses["naive"] = [each.naive for each in drawn]
    _check(bench, addresses)
    runs = {
        name: Wrk(bench.folder, bench.servers[name].origin, paths)
        for name, paths in addresses.items()
    }
    loads = _taking_turns(runs, bench.seconds)
    note = " (with repeats!)" if runs["ours"].has_repeated else ""
    explain = bench.plans[scenario.name]
    yield _compared(
        f"{scenario.what} / bare{note}",
        loads["ours"], loads["bare"], scenario.least_of_bare, explain,
    )  # fmt: skip
    if scenario.least_of_naive is not None:
        what = f"{scenario.what} / naive viewset"
        yield _compared(what, loads["ours"], loads["naive"], scenario.least_of_naive, explain)


def _check(bench: Bench, addresses: dict[str, list[str]]) -> None:
    """Compare what the servers answer to the same requests.

    Raises:
        WrongAnswer: a status other than 200, no results, or not as many as ours.
    """
    for paths in list(zip(*addresses.values(), strict=False))[-CHECKED:]:
        counts = {}
        for name, path in zip(addresses, paths, strict=True):
            answer = Client(bench.servers[name]).get(path)
            if answer.status != 200:
                raise WrongAnswer(f"{name} answers {answer.status} to {path}")
            if name != "bare":
                counts[name] = len(results_of(path, answer.body))
            elif len(answer.body) < 10:
                raise WrongAnswer(f"the limit has no rows for {path}")
        if len(set(counts.values())) > 1:
            raise WrongAnswer(f"{paths} have different numbers of results: {counts}")


def _taking_turns(runs: dict[str, Wrk], seconds: int) -> dict[str, Load]:
    for run in runs.values():
        run.run(WARM_UP_SECONDS)
    rounds = [
        {name: run.run(max(seconds // ROUNDS, 1)) for name, run in runs.items()}
        for _ in range(ROUNDS)
    ]
    return {name: _together([of_round[name] for of_round in rounds]) for name in runs}


def _together(loads: Sequence[Load]) -> Load:
    return Load(
        requests=sum(load.requests for load in loads),
        seconds=sum(load.seconds for load in loads),
        p50=sum(load.p50 for load in loads) / len(loads),
        p99=max(load.p99 for load in loads),
    )


def _compared(
    what: str, ours: Load, limit: Load, at_least: float, explain: tuple[str, ...] = ()
) -> Result:
    if not limit.requests:
        raise WrongAnswer(f"{what}: the limit answered nothing in its time")
    return Result(
        what,
        rate(ours.rate),
        rate(limit.rate),
        ours.rate / limit.rate,
        at_least=at_least,
        p50=ours.p50,
        p99=ours.p99,
        explain=explain,
    )

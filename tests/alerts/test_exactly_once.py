"""Each who is owed a change gets it exactly once, and nobody else, whatever happens in between."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from alerts.models import Delivery
from tests.alerts.outboxes import FlakyBackend, address, undone
from tests.alerts.worlds import World

people = st.integers(0, 2)
scopes = st.sampled_from(["everything", "campaign", "parent", "company", "elsewhere", "refusals"])
cadences = st.sampled_from([0, 0, 1, 2])
numbers = st.integers(0, 5)
steps = st.one_of(
    st.tuples(st.just("subscribe"), people, scopes, cadences),
    st.tuples(st.just("confirm"), people, scopes, cadences),
    st.tuples(st.just("leave"), people, st.none() | scopes),
    st.tuples(
        st.just("change"), st.sampled_from(["public", "public", "silent", "draft"]), st.booleans()
    ),
    st.tuples(st.just("change"), st.just("public"), st.just(True)),
    st.tuples(
        st.just("correct"),
        numbers,
        st.sampled_from(["correction", "retraction"]),
        st.booleans(),
        st.sampled_from([False, False, True]),
    ),
    st.tuples(st.just("fan out"), numbers),
    st.tuples(st.just("send"), st.integers(1, 5)),
    st.tuples(st.just("sweep")),
    st.tuples(st.just("wait"), st.integers(1, 30)),
    st.tuples(st.just("server"), st.sampled_from(["up", "up", "down", "refuses"])),
    st.tuples(st.just("pause"), st.booleans()),
    st.tuples(st.just("rest"), people),
    st.tuples(st.just("suspend"), people),
)


@pytest.mark.django_db
@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(
    followers={(0, "everything", 0), (0, "parent", 0)},
    story=[("change", "public", True), ("leave", 0, "parent"), ("leave", 0, None), ("sweep",)],
)
@example(
    followers={(0, "company", 0), (1, "company", 0)},
    story=[
        ("server", "down"),
        ("change", "public", False),
        ("sweep",),
        ("server", "up"),
        ("leave", 1, None),
    ],
)
@example(
    followers={(0, "everything", 1), (1, "everything", 0), (2, "refusals", 2)},
    story=[
        ("change", "public", True),
        ("send", 5),
        ("correct", 0, "correction", False, False),
        ("correct", 1, "retraction", True, False),
        ("wait", 30),
        ("sweep",),
    ],
)
@example(
    followers={(0, "everything", 0), (1, "everything", 0)},
    story=[
        ("server", "refuses"),
        ("change", "public", True),
        ("send", 1),
        ("correct", 0, "retraction", True, False),
    ],
)
@example(
    followers={(0, "everything", 0)},
    story=[("change", "public", True)] * 5
    + [("sweep",), ("correct", 4, "retraction", True, False)],
)
@example(
    followers={(0, "everything", 0)},
    story=[
        ("suspend", 0),
        ("change", "public", True),
        ("change", "public", False),
        ("confirm", 0, "everything", 0),
        ("change", "public", True),
        ("sweep",),
    ],
)
@example(
    followers={(1, "parent", 0)},
    story=[
        *[("change", "public", True)] * 3,
        ("leave", 1, None),
        ("confirm", 1, "parent", 0),
        ("correct", 2, "correction", True, False),
    ],
)
@example(
    followers={(0, "everything", 0)},
    story=[
        ("server", "refuses"),
        ("change", "public", True),
        ("send", 1),
        ("correct", 0, "correction", True, False),
        ("correct", 0, "retraction", True, False),
    ],
)
@example(
    followers={(0, "everything", 0), (1, "everything", 1)},
    story=[
        ("change", "public", True),
        ("correct", 0, "correction", True, True),
        ("change", "public", False),
        ("correct", 1, "retraction", False, True),
        ("sweep",),
    ],
)
@given(
    followers=st.sets(st.tuples(people, scopes, cadences), max_size=4),
    story=st.lists(steps, min_size=5, max_size=25),
)
def test_each_who_is_owed_a_change_gets_it_once_and_nobody_else(
    settings: Settings, followers: set[tuple[int, str, int]], story: list[tuple[Any, ...]]
) -> None:
    settings.EMAIL_BACKEND = f"{FlakyBackend.__module__}.{FlakyBackend.__name__}"
    settings.ALERTS_PER_HOUR = 2
    with undone():
        world = World()
        for step in [*(("confirm", *follower) for follower in sorted(followers)), *story]:
            world.take(step)
        world.server("up")
        world.pause(False)
        for _ in range(10):
            world.sweep()
            world.now += dt.timedelta(days=1)
        told = world.told()
        assert Counter(world.owed) - told == Counter()
        assert set(told) <= world.owed | world.doubtful
        assert set(told.values()) <= {1}
        assert not Delivery.objects.filter(state="waiting").exists()
        assert {message.to[0] for message in world.mails()} <= {address(who) for who in range(3)}

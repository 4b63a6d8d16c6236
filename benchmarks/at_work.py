"""Who works at the large record, and what they work on: histories, sources, findings, lost quotes.

A steward sees all of it. With the organization of an editor a tenth of the campaigns is shared,
with that of a member twenty of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model

from campaigns.models import (
    Action,
    Campaign,
    Citation,
    Document,
    Membership,
    Organization,
    Response,
    Role,
    Target,
)
from companies.tracking import Tracked
from sources.kinds import PollResult, SourceKind
from sources.models import Finding, LostQuote, Poll, Review, Snapshot, Source, Watch

NOW = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)
_ADDED_BY_EDITOR = 50
"""Every so many-th record was added by the editor, the others by nobody who is known."""
_PER_SOURCE = 20
"""Targets to one source."""
_HISTORY = """INSERT INTO {versions} ({columns}, history_date, history_type, history_user_id) \
SELECT {columns}, created_at, '+', CASE WHEN id % {every} = 0 THEN {user} END FROM {table}"""
_PASSAGE = "We are putting a pause on it."


def people() -> list[User]:
    """Make a steward, an editor and a member, and share campaigns with the last two."""
    steward = User.objects.create_superuser("steward")
    large, small = Organization.objects.order_by("pk")[:2]
    keys = list(Campaign.objects.order_by("pk").values_list("pk", flat=True))
    return [
        steward,
        _member("editor", large, Role.EDITOR, keys[::10]),
        _member("member", small, Role.MEMBER, keys[5 :: max(len(keys) // 20, 1)]),
    ]


def _member(name: str, organization: Organization, role: Role, keys: Iterable[int]) -> User:
    user = User.objects.create_user(name)
    Membership.objects.create(user=user, organization=organization, role=role)
    through = Campaign.shared_with.through
    _store(through(campaign_id=key, organization=organization) for key in keys)
    return user


def work(editor: User) -> None:
    """Keep a first version of every record, and watch, find and lose what there is to see."""
    for model in (Campaign, Target, Action, Response, Document, Citation):
        _begin_histories(model, editor)
    targets = list(Target.objects.order_by("pk").values_list("pk", flat=True))
    sources = range(1, len(targets) // _PER_SOURCE + 1)
    _store(_source(key) for key in sources)
    _store(Watch(source_id=_of(key, sources), target_id=key) for key in targets)
    _store(_poll(key) for key in sources)
    _store(_snapshot(key) for key in sources)
    found = targets[::4]
    _store(_finding(key, target, sources) for key, target in enumerate(found, 1))
    _store(_review(key, editor) for key in range(1, len(found) + 1) if key % 10)
    cited = Citation.objects.order_by("pk").values_list("pk", flat=True)[::40]
    _store(LostQuote(citation_id=key, snapshot_id=_of(key, sources)) for key in cited)


def _begin_histories(model: type[Tracked], editor: User) -> None:
    versions = model.history.model._meta
    kept = {field.column for field in versions.concrete_fields}
    names = [str(f.column) for f in model._meta.concrete_fields if f.column in kept]
    parts = {
        "table": model._meta.db_table,
        "versions": versions.db_table,
        "columns": ", ".join(names),
    }
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY.format(every=_ADDED_BY_EDITOR, user=editor.pk, **parts))


def _of(key: int, keys: range) -> int:
    return key % len(keys) + 1


def _source(key: int) -> Source:
    broken = {"failing_since": NOW, "failures_count": 9, "last_cause": "timeout"}
    return Source(
        pk=key,
        name=f"Source {key}",
        slug=f"source-{key}",
        url=f"https://company{key}.example/policy",
        host=f"company{key}.example",
        last_success_at=NOW,
        next_poll_at=NOW,
        **(broken | {"broken_since": NOW} if key % 50 == 0 else {}),
    )


def _poll(key: int) -> Poll:
    moments = {"started_at": NOW, "finished_at": NOW}
    return Poll(pk=key, source_id=key, result=PollResult.CHANGED, http_status=200, **moments)


def _snapshot(key: int) -> Snapshot:
    return Snapshot(
        pk=key,
        source_id=key,
        poll_id=key,
        taken_at=NOW - dt.timedelta(hours=key),
        url=f"https://company{key}.example/policy",
        final_url=f"https://company{key}.example/policy",
        kind=SourceKind.PAGE,
        body_hash=f"{key:064x}",
        text_hash=f"{key:064x}",
        title=f"Policy {key}",
        text=f"{_PASSAGE}\n\n" * 20,
    )


def _finding(key: int, target: int, sources: range) -> Finding:
    return Finding(
        pk=key,
        target_id=target,
        snapshot_id=_of(target, sources),
        url="https://news.example/",
        title="Policy",
        passage=_PASSAGE,
        passage_start=0,
        passage_end=len(_PASSAGE),
        proposed_status="paused",
        score=0.9,
        created_at=NOW - dt.timedelta(minutes=key),
    )


def _review(key: int, editor: User) -> Review:
    why = {"verdict": Review.Verdict.DISMISSED, "category": Review.Category.NO_CHANGE}
    return Review(finding_id=key, reviewer=editor, reviewed_at=NOW, **why)


def _store(rows: Iterable[Model]) -> None:
    """Create rows of one model."""
    listed = list(rows)
    if listed:
        type(listed[0])._default_manager.bulk_create(listed, batch_size=1_000)


def settle() -> None:
    """Let the database look at what it holds, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")

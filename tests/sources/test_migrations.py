"""What was found and dismissed before there were rules and categories is carried over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sources.models import Finding, Review
from tests.factories import NOW, make_target
from tests.sources.factories import make_snapshot

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(*targets: tuple[str, str]) -> Any:
    """Move the tables of sources, and return the models as they are there."""
    executor = MigrationExecutor(connection)
    wanted = targets or [key for key in executor.loader.graph.leaf_nodes() if key[0] == "sources"]
    return executor.migrate(list(wanted)).apps


@pytest.fixture
def before() -> Iterator[Any]:
    """The models as they were before the queue, with their tables."""
    yield migrate(("sources", "0007_articles"))
    migrate()


def test_dismissals_keep_their_words_and_findings_are_given_their_rules(before: Any) -> None:
    for reasons in (["subject is Amazon", "'Halt' → paused"], ["It passed the Senate."], [7]):
        finding = before.get_model("sources", "Finding").objects.create(
            snapshot_id=make_snapshot().pk,
            target_id=make_target().pk,
            url="https://company.example/policy",
            passage="Our policy.",
            passage_start=0,
            passage_end=11,
            proposed_status="paused",
            score=0.9,
            reasons=reasons,
            created_at=NOW,
        )
    before.get_model("sources", "Review").objects.create(
        finding=finding, verdict="dismissed", reason="Another Amazon", reviewed_at=NOW
    )

    migrate()

    rules = Finding.objects.order_by("pk").values_list("rule", flat=True)
    assert list(rules) == ["'halt' → paused", "", ""]
    review = Review.objects.get()
    assert (review.category, review.reason) == (Review.Category.OTHER, "Another Amazon")

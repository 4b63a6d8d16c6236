"""A batch is read in the order of sending, however much is due."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import QuerySet

from alerts.models import Delivery, Digest
from tests.factories import NOW

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]


@pytest.mark.parametrize(
    ("due", "index"),
    [
        (lambda: Delivery.objects.due(NOW).filter(channel="email"), "delivery_due"),
        (lambda: Digest.objects.due(NOW), "digest_due"),
    ],
)
def test_what_is_due_comes_sorted_from_its_index(
    due: Callable[[], QuerySet[Delivery]], index: str
) -> None:
    with connection.cursor() as cursor:
        # Of an empty table anything else is as cheap: what is asked is whether the index has the
        # order, which a sort, even one that is dear, would show it has not.
        for way in ("seqscan", "bitmapscan", "sort", "mergejoin", "hashjoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    plan = due()[:500].explain()
    assert f"using {index}" in plan
    assert "Sort" not in plan

"""Whatever is edited, published, withdrawn or deleted afterwards, a moment reads as it read then.

This is what makes a citation of the data reproducible. The expected values are plain snapshots
that were taken at the time, less what was deleted or withdrawn since.
"""

import contextlib
import datetime as dt
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.models import Count, ProtectedError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.errors import InvalidStatusChange
from campaigns.models import (
    Action,
    Campaign,
    Citation,
    Document,
    Organization,
    StatusChange,
    Target,
)
from campaigns.timemachine import as_known
from companies.models import Alias, Company, Product
from tests.factories import (
    NOW,
    make_action,
    make_campaign,
    make_change,
    make_company,
    make_document,
    make_organization,
    make_product,
    make_target,
)

pytestmark = pytest.mark.django_db

TEXTS = {
    Action: "title",
    Alias: "name",
    Campaign: "title",
    Citation: "quote",
    Company: "name",
    Document: "title",
    Organization: "name",
    Product: "name",
    Target: "demand",
}
"""What is edited of each kind of record."""
RELATIONS: dict[str, tuple[Any, str, str, type, type]] = {
    "runs": (Campaign.organizations.through, "campaign", "organization", Campaign, Organization),
    "did": (Action.organizations.through, "action", "organization", Action, Organization),
    "aimed at": (Action.targets.through, "action", "target", Action, Target),
}
NUMBERED = count(1)
Snapshot = dict[Any, Any]
Step = tuple[str, int, int]


def nth(model: Any, number: int) -> Any:
    """A record picked by number, or ``None`` if there is none."""
    rows = list(model._default_manager.order_by("pk"))
    return rows[number % len(rows)] if rows else None


def make(number: int, other: int) -> None:
    """Make a record of some kind, about records that are there."""
    campaign, company, action = nth(Campaign, other), nth(Company, other), nth(Action, other)
    makers: list[Callable[[], object]] = [
        lambda: make_campaign(is_public=bool(other % 2)),
        make_organization,
        make_company,
        lambda: company and make_product(company),
        lambda: company and Alias.objects.create(company=company, name=f"Alias {next(NUMBERED)}"),
        lambda: campaign and make_target(campaign, product=nth(Product, number)),
        lambda: campaign and make_action(campaign),
        lambda: action and Citation.objects.create(document=make_document(), action=action),
    ]
    makers[number % len(makers)]()


def edit(number: int, other: int) -> None:
    model = list(TEXTS)[number % len(TEXTS)]
    if row := nth(model, other):
        setattr(row, TEXTS[model], f"Edited {row.pk} {number}")
        row.save()


def repoint(number: int, other: int) -> None:
    """Let a target be about another product, or about none."""
    if target := nth(Target, number):
        target.product = nth(Product, other) if other % 3 else None
        target.save()


def relate(number: int, other: int) -> None:
    """Add or remove a member, or set or clear them, from either end."""
    owner, member = nth(Campaign, number), nth(Organization, other)
    near, far = (owner, "organizations"), (member, "campaigns")
    if number % 2:
        action = nth(Action, number)
        member = nth(Target, other) if other % 2 else member
        owner, near = action, (action, "targets" if isinstance(member, Target) else "organizations")
        far = (member, "actions")
    if owner is None or member is None:
        return
    (row, name), joined = (near, member) if number % 4 < 2 else (far, owner)
    manager = getattr(row, name)
    verb = ("add", "add", "set", "remove", "clear")[other % 5]
    {
        "add": lambda: manager.add(joined),
        "set": lambda: manager.set([joined]),
        "remove": lambda: manager.remove(joined),
        "clear": manager.clear,
    }[verb]()


def publish(number: int, other: int) -> None:
    """Publish a campaign, or withdraw it."""
    if campaign := nth(Campaign, number):
        campaign.published_at = campaign.created_at if other % 2 else None
        campaign.save()


def change(number: int, other: int) -> None:
    """Record a status change, if the history of the target lets it happen."""
    statuses = ["called_on", "refused", "under_review"]
    if target := nth(Target, number):
        day = dt.date(2020, 1, 1 + other % 20)
        with contextlib.suppress(InvalidStatusChange):
            make_change(target, statuses[other % 3], day, timezone.now())


def delete(number: int, other: int) -> None:
    """Delete a record, unless others need it."""
    row = nth(list(TEXTS)[number % len(TEXTS)], other)
    if row:
        with contextlib.suppress(ProtectedError):
            row.delete()


VERBS = {verb.__name__: verb for verb in (make, edit, repoint, relate, publish, change, delete)}
NUMBERS = st.integers(0, 30)
STEPS = st.lists(
    st.tuples(st.sampled_from(["make", "make", "relate", *VERBS]), NUMBERS, NUMBERS),
    min_size=1,
    max_size=25,
)


def read() -> Snapshot:
    """What a reader sees."""
    seen: Snapshot = {
        model: dict(model._default_manager.values_list("pk", field))
        for model, field in TEXTS.items()
    }
    seen["updated"] = {
        (model, pk): moment
        for model in (Action, Campaign, Company, Document, Organization, Target)
        for pk, moment in model._default_manager.values_list("pk", "updated_at")
    }
    seen["public"] = set(Campaign.objects.public().values_list("pk", flat=True))
    seen["of campaign"] = dict(Target.objects.values_list("pk", "campaign"))
    seen["public targets"] = set(Target.objects.public().values_list("pk", flat=True))
    seen["about"] = dict(Target.objects.values_list("pk", "product"))
    for name, (through, owner, member, *_) in RELATIONS.items():
        seen[name] = set(through.objects.values_list(f"{owner}_id", f"{member}_id"))
    seen["counts"] = {
        pk: number
        for pk, number in Organization.objects.annotate(n=Count("campaigns")).values_list("pk", "n")
        if number
    }
    seen["log"] = set(StatusChange.objects.values_list("pk", flat=True))
    return seen


def less_what_is_gone(then: Snapshot, now: Snapshot) -> Snapshot:
    """What a reader may still see of a snapshot."""
    kept: Snapshot = {
        model: {pk: text for pk, text in then[model].items() if pk in now[model]} for model in TEXTS
    }
    kept["updated"] = {key: at for key, at in then["updated"].items() if key in now["updated"]}
    kept["public"] = then["public"] & now["public"]
    kept["of campaign"] = {pk: key for pk, key in then["of campaign"].items() if pk in now[Target]}
    kept["public targets"] = {
        pk for pk, campaign in kept["of campaign"].items() if campaign in kept["public"]
    }
    kept["about"] = {
        pk: product if product in now[Product] else None
        for pk, product in then["about"].items()
        if pk in now[Target]
    }
    return kept | {"log": then["log"]} | relations_kept(then, now)


def relations_kept(then: Snapshot, now: Snapshot) -> Snapshot:
    kept: Snapshot = {
        name: {(a, b) for a, b in then[name] if a in now[owners] and b in now[members]}
        for name, (*_, owners, members) in RELATIONS.items()
    }
    organizations = [organization for _, organization in kept["runs"]]
    kept["counts"] = {pk: organizations.count(pk) for pk in set(organizations)}
    return kept


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_a_moment_reads_for_ever_as_it_read_then(steps: list[Step]) -> None:
    with transaction.atomic():
        with time_machine.travel(NOW, tick=False):
            for number in (0, 1, 2, 3, 4, 5, 6, 7):
                make(number, 1)
        remembered: dict[dt.datetime, Snapshot] = {NOW: read()}
        for hours, (verb, number, other) in enumerate(steps, start=1):
            moment = NOW + dt.timedelta(hours=hours)
            with time_machine.travel(moment, tick=False):
                VERBS[verb](number, other)
            remembered[moment + dt.timedelta(minutes=30)] = read()
        now = read()
        for moment, then in remembered.items():
            with as_known(moment):
                seen = read()
            expected = less_what_is_gone(then, now)
            assert seen == expected
        transaction.set_rollback(True)

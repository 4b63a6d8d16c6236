"""What was fanned out becomes events; subscriptions get the key of their criteria."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def carry_over(apps: Any, schema_editor: Any) -> None:
    """Make an event of each mark, and let its deliveries name it."""
    event, delivery = apps.get_model("alerts", "Event"), apps.get_model("alerts", "Delivery")
    marks = apps.get_model("alerts", "FanOut").objects.select_related("status_change")
    event.objects.bulk_create(
        (
            event(
                type=f"status_change.{'corrected' if mark.status_change.corrects_id else 'recorded'}",
                target_id=mark.status_change.target_id,
                status_change_id=mark.pk,
                occurred_at=mark.status_change.recorded_at,
                fanned_out_at=mark.fanned_out_at,
                deliveries_count=mark.deliveries_count,
            )
            for mark in marks.order_by("pk").iterator()
        ),
        batch_size=1000,
    )
    told_of = event.objects.filter(status_change=OuterRef("status_change"))
    delivery.objects.update(event=Subquery(told_of.values("pk")[:1]))


def name_criteria(apps: Any, schema_editor: Any) -> None:
    """Write what each subscription is to as its key says it."""
    for subscription in apps.get_model("alerts", "Subscription").objects.iterator():
        relations = ("campaign", "company")
        named = ((name, getattr(subscription, f"{name}_id")) for name in relations)
        subscription.criteria_key = "&".join(f"{name}={key}" for name, key in named if key)
        subscription.save(update_fields=["criteria_key"])


class Migration(migrations.Migration):
    dependencies = [("alerts", "0002_widen")]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RunPython(name_criteria, migrations.RunPython.noop),
    ]

"""Hosts of sources, and entries behind their names.

Snapshots that were read by older code keep no hash of rules, so that each source begins anew with a
silent baseline: pages are read to other texts now.
"""

from urllib.parse import urlsplit

from django.db import migrations


def fill(apps, schema_editor):
    Source = apps.get_model("sources", "Source")
    for source in Source.objects.iterator():
        source.host = (urlsplit(source.url).hostname or "").rstrip(".")
        source.save(update_fields=["host"])
    KnownEntry = apps.get_model("sources", "KnownEntry")
    for seen in apps.get_model("sources", "SeenEntry").objects.iterator():
        seen.entry = KnownEntry.objects.create(
            source_id=seen.source_id, first_seen_at=seen.first_seen_at, changed_at=seen.first_seen_at
        )
        seen.save(update_fields=["entry"])


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0003_engine'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

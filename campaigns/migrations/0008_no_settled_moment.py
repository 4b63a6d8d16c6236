from django.db import migrations

from campaigns.version_triggers import remove_version_triggers


def remove_triggers(apps, schema_editor):
    # Only SQLite minds triggers that write to a table which changes.
    if schema_editor.connection.vendor == 'sqlite':
        remove_version_triggers(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0007_slugs_are_no_numbers'),
    ]

    operations = [
        migrations.RunPython(remove_triggers, migrations.RunPython.noop),
        migrations.RemoveField(model_name='committotal', name='settled_at'),
        migrations.RemoveField(model_name='committotal', name='settled_count'),
        migrations.RunPython(migrations.RunPython.noop, remove_triggers),
    ]

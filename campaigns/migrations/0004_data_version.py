from django.db import migrations, models

from campaigns.version_triggers import remove_version_triggers


def remove_triggers(apps, schema_editor):
    remove_version_triggers(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0003_feed'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicCommit',
            fields=[
                ('key', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('noted_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'campaigns_publiccommit',
            },
        ),
        migrations.CreateModel(
            name='CommitTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noted_count', models.PositiveBigIntegerField(default=0)),
                ('last_noted_at', models.DateTimeField(null=True)),
                ('settled_count', models.PositiveBigIntegerField(default=0)),
                ('settled_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'campaigns_committotal',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='committotal_one_row')],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, remove_triggers),
    ]

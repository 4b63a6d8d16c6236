"""What workers keep of an endpoint: its lease, and how long it has been failing."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0004_narrow'),
    ]

    operations = [
        migrations.AddField(
            model_name='endpoint',
            name='failing_since',
            field=models.DateTimeField(blank=True, help_text='Nothing has arrived there since.', null=True, verbose_name='failing since'),
        ),
        migrations.AddField(
            model_name='endpoint',
            name='failures_count',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='failures in a row'),
        ),
        migrations.AddField(
            model_name='endpoint',
            name='held_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='left alone until'),
        ),
        migrations.AddField(
            model_name='endpoint',
            name='leased_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='leased until'),
        ),
        migrations.AddField(
            model_name='endpoint',
            name='removed_at',
            field=models.DateTimeField(blank=True, help_text='For good; the log stays.', null=True, verbose_name='removed at'),
        ),
        migrations.AlterField(
            model_name='endpoint',
            name='url',
            field=models.CharField(max_length=500, validators=[django.core.validators.URLValidator(schemes=['http', 'https'])], verbose_name='address'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('channel', 'webhook'), ('state', 'waiting')), fields=['endpoint', 'next_attempt_at'], name='delivery_to_post'),
        ),
    ]

import companies.slugs
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0006_creation_indexes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='campaign',
            name='slug',
            field=models.SlugField(max_length=100, unique=True, validators=[companies.slugs.refuse_number], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='historicalcampaign',
            name='slug',
            field=models.SlugField(max_length=100, validators=[companies.slugs.refuse_number], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='historicalorganization',
            name='slug',
            field=models.SlugField(max_length=100, validators=[companies.slugs.refuse_number], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='historicaltopic',
            name='slug',
            field=models.SlugField(max_length=100, validators=[companies.slugs.refuse_number], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='organization',
            name='slug',
            field=models.SlugField(max_length=100, unique=True, validators=[companies.slugs.refuse_number], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='topic',
            name='slug',
            field=models.SlugField(max_length=100, unique=True, validators=[companies.slugs.refuse_number], verbose_name='slug'),
        ),
        migrations.RunPython(companies.slugs.add_word('campaigns', 'campaign', 'organization', 'topic'), migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.GreaterThan(models.Func(models.F('slug'), models.Value('0123456789'), function='TRIM', output_field=models.CharField()), models.Value('')), name='campaign_slug_is_no_number'),
        ),
        migrations.AddConstraint(
            model_name='organization',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.GreaterThan(models.Func(models.F('slug'), models.Value('0123456789'), function='TRIM', output_field=models.CharField()), models.Value('')), name='organization_slug_is_no_number'),
        ),
        migrations.AddConstraint(
            model_name='topic',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.GreaterThan(models.Func(models.F('slug'), models.Value('0123456789'), function='TRIM', output_field=models.CharField()), models.Value('')), name='topic_slug_is_no_number'),
        ),
    ]

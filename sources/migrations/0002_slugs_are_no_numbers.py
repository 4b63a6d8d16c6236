import companies.slugs
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='source',
            name='slug',
            field=models.SlugField(max_length=100, unique=True, validators=[companies.slugs.refuse_number], verbose_name='slug'),
        ),
        migrations.RunPython(companies.slugs.add_word('sources', 'source'), migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.GreaterThan(models.Func(models.F('slug'), models.Value('0123456789'), function='TRIM', output_field=models.CharField()), models.Value('')), name='source_slug_is_no_number'),
        ),
    ]

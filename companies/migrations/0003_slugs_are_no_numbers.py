import companies.slugs
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0002_history'),
    ]

    operations = [
        migrations.AlterField(
            model_name='company',
            name='slug',
            field=models.SlugField(max_length=100, unique=True, validators=[companies.slugs.refuse_number], verbose_name='slug'),
        ),
        migrations.AlterField(
            model_name='historicalcompany',
            name='slug',
            field=models.SlugField(max_length=100, validators=[companies.slugs.refuse_number], verbose_name='slug'),
        ),
        migrations.RunPython(companies.slugs.add_word('companies', 'company'), migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='company',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.GreaterThan(models.Func(models.F('slug'), models.Value('0123456789'), function='TRIM', output_field=models.CharField()), models.Value('')), name='company_slug_is_no_number'),
        ),
    ]

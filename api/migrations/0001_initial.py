
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='What it is for, such as “newsroom dashboard”.', max_length=100, verbose_name='name')),
                ('key_hash', models.CharField(editable=False, max_length=64, unique=True, verbose_name='hash of the secret')),
                ('prefix', models.CharField(editable=False, max_length=12, verbose_name='begins with')),
                ('requests_per_minute', models.PositiveIntegerField(blank=True, help_text='Empty: what every token is allowed.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='requests per minute')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('last_used_at', models.DateTimeField(blank=True, help_text='To the hour.', null=True, verbose_name='last used at')),
                ('expires_at', models.DateTimeField(blank=True, help_text='Empty: it does not expire.', null=True, verbose_name='expires at')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
            ],
            options={
                'verbose_name': 'API token',
                'verbose_name_plural': 'API tokens',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('owner', 'name'), name='token_name_unique_until_revoked', violation_error_message='There is a token of that name already.'), models.CheckConstraint(condition=models.Q(('requests_per_minute', None), ('requests_per_minute__gt', 0), _connector='OR'), name='token_allows_requests')],
            },
        ),
    ]

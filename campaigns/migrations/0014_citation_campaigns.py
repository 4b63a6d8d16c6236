import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

_WAYS = {
    "action": ("Action", "campaign"),
    "response": ("Response", "target__campaign"),
    "outcome": ("Outcome", "target__campaign"),
    "status_change": ("StatusChange", "target__campaign"),
}


def give_campaigns(apps, schema_editor):
    """Give each citation the campaign of its fact."""
    citations = apps.get_model("campaigns", "Citation")._base_manager
    for name, (model, way) in _WAYS.items():
        facts = apps.get_model("campaigns", model)._base_manager.filter(pk=OuterRef(name))
        citations.filter(**{f"{name}__isnull": False}).update(campaign=Subquery(facts.values(way)))


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0013_notes_stay_in_organizations'),
    ]

    operations = [
        migrations.AddField(
            model_name='citation',
            name='campaign',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaigns.campaign', verbose_name='campaign'),
        ),
        migrations.AddIndex(
            model_name='citation',
            index=models.Index(fields=['campaign', 'document'], name='campaigns_c_campaig_6962a1_idx'),
        ),
        migrations.RunPython(give_campaigns, migrations.RunPython.noop, elidable=True),
    ]

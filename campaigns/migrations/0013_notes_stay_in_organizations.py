from typing import Any

from django.db import migrations


def write_readers(apps: Any, schema_editor: Any) -> None:
    """Let each note stay in the organizations that its author works for."""
    notes = apps.get_model("companies", "Note").objects.filter(author__isnull=False)
    memberships = apps.get_model("campaigns", "Membership").objects
    organizations: dict[int, list[int]] = {}
    for user, organization in memberships.values_list("user", "organization"):
        organizations.setdefault(user, []).append(organization)
    readers = apps.get_model("companies", "NoteReaders")
    readers.objects.bulk_create(
        (
            readers(note_id=note, organization=organization)
            for note, author in notes.values_list("pk", "author").iterator()
            for organization in organizations.get(author, ())
        ),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0012_documents_of_drafts"),
        ("companies", "0006_note_readers"),
    ]

    operations = [migrations.RunPython(write_readers, migrations.RunPython.noop)]

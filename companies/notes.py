"""Writing the notes beside records: internal, and each its author's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet

from companies.access import Person, organizations_of, sees_all
from companies.models import Note, NoteReaders


def notes_about(
    model: type[Model], key: Any, *, person: Person, among_colleagues: bool
) -> QuerySet[Note]:
    """Return the notes beside a record that a person who sees it may read, the latest first.

    Args:
        among_colleagues: only what was written in the person's organizations: for records that
            several organizations see without working together.
    """
    kind = ContentType.objects.get_for_model(model)
    rows = Note.objects.filter(content_type=kind, object_id=key).select_related("author")
    if not among_colleagues or sees_all(person):
        return rows
    here = NoteReaders.objects.filter(organization__in=organizations_of(person))
    return rows.filter(pk__in=here.values("note"))


@transaction.atomic
def add_note(*, about: Model, author: User, text: str, now: dt.datetime) -> Note:
    """Write a note beside a record, for the organizations that its author works for now.

    Raises:
        ValidationError: the text is empty or too long.
    """
    kind = ContentType.objects.get_for_model(about)
    note = Note(content_type=kind, object_id=about.pk, author=author, text=text, created_at=now)
    note.full_clean()
    note.save()
    readers = [NoteReaders(note=note, organization=key) for key in organizations_of(author)]
    NoteReaders.objects.bulk_create(readers)
    return note


def edit_note(*, note: Note, text: str, now: dt.datetime) -> None:
    """Replace the text of a note, which from then on says when it was edited.

    Raises:
        ValidationError: the text is empty or too long.
    """
    note.text, note.edited_at = text, now
    note.full_clean()
    note.save()


def delete_note(*, note: Note) -> None:
    """Delete a note for good."""
    note.delete()


def move_notes(*, about: Model, to: Model) -> None:
    """Let the notes beside a record stand beside another of its kind; who reads them stays."""
    kind = ContentType.objects.get_for_model(about)
    Note.objects.filter(content_type=kind, object_id=about.pk).update(object_id=to.pk)

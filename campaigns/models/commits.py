"""What the data version is counted from; the database writes it, see version_triggers.py."""

from __future__ import annotations

from django.db import models

from campaigns.versions import NOTES_TABLE, TOTAL_TABLE


class PublicCommit(models.Model):
    """A transaction that touched public data and is not yet counted in :class:`CommitTotal`.

    PostgreSQL only. A row becomes visible in the very moment in which what its transaction wrote
    does. ``key`` is the transaction's number with the moment it began: numbers alone would meet
    again in a database that was restored into another server.
    """

    key = models.CharField(max_length=60, primary_key=True)
    noted_at = models.DateTimeField()

    class Meta:
        db_table = NOTES_TABLE

    def __str__(self) -> str:
        return self.key


class CommitTotal(models.Model):
    """What was counted so far: one row.

    On PostgreSQL, the commits that were settled: only settling writes here, so that writers of
    public data never meet. On SQLite, where there is one writer at a time, every row written.
    """

    noted_count = models.PositiveBigIntegerField(default=0)
    last_noted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = TOTAL_TABLE
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="committotal_one_row")]

    def __str__(self) -> str:
        return str(self.noted_count)

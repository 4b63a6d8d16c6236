"""Two clicks on the same import are one."""

from __future__ import annotations

from copy import copy

import pytest
from django.contrib.auth.models import User

from campaigns.importing.tables import read_table
from campaigns.models import Action, Upload
from campaigns.services.importing import Refusal, plan_import
from campaigns.services.importing.uploads import apply_upload, keep_upload
from tests.alerts.threads import at_once
from tests.factories import NOW, make_campaign

FILE = b"campaign,kind,title,happened_on\namazon,petition,A petition,2020-06\n"


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_applied_twice_at_once_is_imported_once() -> None:
    make_campaign(slug="amazon")
    user = User.objects.create_superuser("ada")
    upload = keep_upload(
        user=user, kind="actions", name="a.csv", content=FILE, is_silent=True, now=NOW
    )
    table = read_table(upload.name, FILE)
    seen = plan_import(kind="actions", table=table, person=user, now=NOW).fingerprint

    seen_by = [copy(upload), copy(upload)]  # each request has an object of its own

    def click() -> str:
        try:
            plan = apply_upload(upload=seen_by.pop(), table=table, seen=seen, now=NOW)
        except Refusal as refusal:
            return str(refusal)
        return str(plan.counts["create"])

    answers = at_once(click, workers=2)

    assert sorted(answers) == ["1", "This file was imported already."]
    assert Action.objects.count() == 1
    assert not Upload.objects.exists()

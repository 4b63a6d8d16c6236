"""A target's columns can be rebuilt from the log."""

import io

import pytest
from django.core.management import call_command

from campaigns.models import Target
from campaigns.statuses import Status
from tests.factories import make_change, make_outcome_draft, make_target

pytestmark = pytest.mark.django_db


def run() -> str:
    output = io.StringIO()
    call_command("rebuild_status", stdout=output)
    return output.getvalue()


def test_a_healthy_database_is_left_alone() -> None:
    target = make_target()
    make_change(target, Status.PAUSED, outcome=make_outcome_draft())
    make_target()
    touched_at = Target.objects.get(pk=target.pk).updated_at

    assert run() == "2 targets checked, 0 mended.\n"
    assert Target.objects.get(pk=target.pk).updated_at == touched_at


def test_columns_that_were_tampered_with_are_mended_and_named() -> None:
    target = make_target()
    make_change(target, Status.PAUSED, outcome=make_outcome_draft())
    Target.objects.filter(pk=target.pk).update(status=Status.MET, expires_on=None)

    output = run()

    target.refresh_from_db()
    assert target.status == Status.PAUSED
    assert target.expires_on is not None
    assert "1 mended" in output
    assert str(target) in output

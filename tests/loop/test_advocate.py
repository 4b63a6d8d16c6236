"""The second way in: an advocate records a change in the admin, and the subscriber is mailed."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import StatusChange
from config.demo.mail_sink import Mail, MailSink
from tests.factories import make_change, make_target

TODAY = timezone.now().date()
ADDRESS = "follower@subscribers.example"


def text_of(mail: Mail) -> str:
    """The text version, on one line."""
    part = mail.message.get_body(preferencelist=("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_what_an_advocate_records_reaches_subscriber_api_and_page(
    admin_client: Client, client: Client, mail_sink: MailSink
) -> None:
    target = make_target()
    make_change(target, "refused", TODAY - dt.timedelta(days=700), timezone.now(), is_silent=True)
    client.post(f"/subscribe/?campaign={target.campaign.slug}", {"email": ADDRESS})
    [confirmation] = mail_sink.wait_for(1, timeout=60)
    [path] = [word for word in text_of(confirmation).split() if "/subscribe/confirm/" in word]
    client.post(path.removeprefix("http://followthrough.test"))

    answer = admin_client.post(
        "/admin/campaigns/statuschange/add/",
        {
            "target": target.pk,
            "to_status": "paused",
            "effective_on": TODAY,
            "effective_precision": "day",
            "summary": "A moratorium of one year.",
            "outcome_kind": "moratorium",
            "outcome_terms": "No sales to police for one year",
            "outcome_exemptions": "Thorn",
            "outcome_expires_on": TODAY + dt.timedelta(days=365),
            "outcome_expires_precision": "day",
            "document_url": "https://news.example/moratorium",
            "document_title": "The moratorium",
            "quote": "a moratorium of one year",
        },
    )

    assert answer.status_code == 302
    change = StatusChange.objects.get(to_status="paused")
    _, alert = mail_sink.wait_for(2, timeout=60)
    assert alert.recipients == (ADDRESS,)
    assert "refused → paused" in str(alert.message["Subject"])
    for fact in ("Thorn", "a moratorium of one year", f"/changes/{change.pk}/"):
        assert fact in text_of(alert)
    now = client.get(f"/api/v1/targets/{target.pk}/").json()
    before = client.get(f"/api/v1/targets/{target.pk}/?as_of={TODAY - dt.timedelta(days=1)}").json()
    assert (now["status"], before["status"]) == ("paused", "refused")
    page = client.get(f"/changes/{change.pk}/").content.decode()
    assert "a moratorium of one year" in page
    assert "https://news.example/moratorium" in page

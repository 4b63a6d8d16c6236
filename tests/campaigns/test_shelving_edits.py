"""Editing documents, their history, and restoring what cited one that is gone."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from campaigns.models import Citation, Document, OldUrl
from campaigns.services import document_for, publish_campaign, withdraw_campaign
from tests.campaigns.shelves import URL, cite, shared_campaign, work_for
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def page_of(document: Document, page: str = "change") -> str:
    return f"/admin/campaigns/document/{document.pk}/{page}/"


def retitle(client: Client, document: Document, title: str) -> None:
    form = {"title": title, "published_precision": "day", "_continue": "1"}
    response = client.post(page_of(document), form, follow=True)
    assert response.redirect_chain[0][0].startswith("/admin/campaigns/document/")
    assert f'value="{title}"' in response.content.decode()


def test_what_a_document_was_called_in_a_draft_is_told_to_nobody_else(client: Client) -> None:
    draft, ours = shared_campaign("draft"), shared_campaign("ours", is_public=True)
    writer, reader = work_for(draft), work_for(ours)
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(writer)
        document = cite(draft, "What we plan")
        clock.shift(dt.timedelta(hours=1))
        retitle(client, document, "Letter")
        clock.shift(dt.timedelta(hours=1))
        publish_campaign(campaign=draft, now=NOW + dt.timedelta(hours=2))
        clock.shift(dt.timedelta(hours=1))
        retitle(client, document, "Letter to Amazon")
        clock.shift(dt.timedelta(hours=1))
        assert cite(ours, "Signed") == document
        history = client.get(page_of(document, "history")).content.decode()
        assert "What we plan" in history
        client.force_login(reader)
        history = client.get(page_of(document, "history")).content.decode()
        assert "What we plan" not in history
        assert "Letter to Amazon" in history
        versions = document.history.order_by("history_date").values_list("pk", flat=True)
        first, *_others, last = [f"{page_of(document, 'history')}{pk}/" for pk in versions]
        assert client.get(first).status_code == 404
        assert client.get(last).status_code == 403  # it is there, and not theirs to change


def test_drafts_that_came_to_cite_one_document_are_edited_apart(client: Client) -> None:
    ours, theirs = shared_campaign("ours", is_public=True), shared_campaign("theirs")
    document = cite(ours, "Letter")
    assert cite(theirs, "Planned") == document
    OldUrl.objects.create(document=document, url=f"{URL}?page=all")
    withdraw_campaign(campaign=ours, now=NOW)
    reader = work_for(theirs)
    versions = Citation.history.filter(action__campaign=theirs).count()
    client.force_login(work_for(ours))
    retitle(client, document, "What we plan")
    own = Document.objects.get(citations__action__campaign=ours)
    assert (own.title, own.url) == ("What we plan", URL)
    assert document_for(f"{URL}?page=all", ours) == own
    document.refresh_from_db()
    assert document.title == "Letter"
    assert Document.objects.get(citations__action__campaign=theirs) == document
    assert Citation.history.filter(action__campaign=theirs).count() == versions
    client.force_login(reader)
    retitle(client, document, "Letter to Amazon")
    assert Document.objects.count() == 2  # nobody else cites it by now


def test_what_is_public_is_edited_for_everybody(client: Client) -> None:
    ours, theirs = shared_campaign("ours", is_public=True), shared_campaign("theirs")
    document = cite(ours, "Letter")
    cite(theirs, "Planned")
    client.force_login(work_for(ours))
    retitle(client, document, "Letter to Amazon")
    assert Document.objects.get().title == "Letter to Amazon"


def test_what_cited_a_document_that_gave_way_is_restored_with_the_public_one(
    client: Client,
) -> None:
    draft, public = shared_campaign("draft"), shared_campaign("public", is_public=True)
    own = cite(draft, "What we plan")
    cite(draft, "What we do")
    known = cite(public, "Letter")
    lost = own.citations.order_by("pk")[0]
    action = lost.action
    assert action is not None
    lost.delete()
    publish_campaign(campaign=draft, now=NOW)
    assert not Document.objects.filter(pk=own.pk).exists()
    client.force_login(User.objects.create_superuser("steward"))
    version = Citation.history.get(history_type="-")
    address = f"/admin/campaigns/action/{action.pk}/history/citation/{version.pk}/"
    assert client.post(address).status_code == 302
    assert action.citations.get().document == known


@pytest.mark.parametrize("is_action_gone", [True, False])
def test_what_cited_a_document_that_is_gone_is_not_restored_and_says_why(
    client: Client, is_action_gone: bool
) -> None:
    document = cite(shared_campaign("public", is_public=True), "Letter")
    citation = document.citations.get()
    action = citation.action
    assert action is not None
    page = f"/admin/campaigns/action/{action.pk}/history/"
    if is_action_gone:
        action.delete()
        version = type(action).history.get(history_type="+", id=page.split("/")[-3])
        address = f"{page}{version.pk}/"
    else:
        citation.delete()
        address = f"{page}citation/{Citation.history.get(history_type='-').pk}/"
    document.delete()
    client.force_login(User.objects.create_superuser("steward"))
    for response in (client.get(page), client.get(address), client.post(address)):
        assert response.status_code == 200
    assert not Citation.objects.exists()

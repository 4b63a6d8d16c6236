"""Who shares a draft with others learns nothing of what these say in drafts of their own."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from campaigns.models import Citation, Document
from campaigns.services.shelving import document_for
from tests.campaigns.shelves import URL, cite, shared_campaign, work_for
from tests.factories import make_action

pytestmark = pytest.mark.django_db


def test_who_shares_a_draft_with_others_gets_no_document_of_their_drafts() -> None:
    ours, theirs = shared_campaign("ours"), shared_campaign("theirs")
    secret = cite(theirs, "What we plan")
    both = shared_campaign("both", ours.shared_with.get(), theirs.shared_with.get())
    assert document_for(URL, both) is None
    assert cite(both, "Letter").title == "Letter"
    assert document_for(URL, theirs) == secret


def test_what_all_organizations_of_a_draft_read_already_is_cited_by_it() -> None:
    ours = shared_campaign("ours")
    both = shared_campaign("both", ours.shared_with.get(), shared_campaign("x").shared_with.get())
    document = cite(both, "Letter")
    assert document_for(URL, ours) == document
    assert document_for(URL, both) == document


def test_who_shares_a_draft_with_others_gets_no_document_that_these_added(client: Client) -> None:
    ours, theirs = shared_campaign("ours"), shared_campaign("theirs")
    both = shared_campaign("both", ours.shared_with.get(), theirs.shared_with.get())
    client.force_login(work_for(theirs))
    form = {"url": URL, "title": "What we plan", "published_precision": "day"}
    assert client.post("/admin/campaigns/document/add/", form).status_code == 302
    assert document_for(URL, both) is None
    assert document_for(URL, theirs) == Document.objects.get()


def test_what_a_deleted_draft_cited_is_not_everybody_s(client: Client) -> None:
    """A steward logged it, or the machine: its words were the draft's all the same."""
    theirs = shared_campaign("theirs")
    steward = User.objects.create_superuser("steward")
    client.force_login(steward)
    action = make_action(campaign=theirs)
    form = {"url": URL, "title": "What we plan", "published_precision": "day"}
    assert client.post("/admin/campaigns/document/add/", form).status_code == 302
    document = Document.objects.get()
    assert document_for(URL, shared_campaign("ours")) == document
    Citation.objects.create(action=action, document=document)
    action.delete()
    assert document_for(URL, shared_campaign("others")) is None

"""Documents: one at a URL in public, and for each organization its own while it drafts."""

import pytest
from django.test import Client

from campaigns.models import Citation, Document
from campaigns.services import merge_documents, publish_campaign
from campaigns.services.shelving import document_for
from tests.campaigns.shelves import URL, cite, shared_campaign, work_for
from tests.factories import NOW, make_action, make_campaign

pytestmark = pytest.mark.django_db

ADD = "/admin/campaigns/document/add/"


def test_what_a_draft_says_of_a_document_never_gets_into_the_facts_of_others() -> None:
    draft, public = shared_campaign("draft"), shared_campaign("public", is_public=True)
    theirs = cite(draft, "What we plan")
    ours = cite(public, "Letter to Amazon")
    assert (theirs.title, ours.title) == ("What we plan", "Letter to Amazon")
    assert theirs.pk != ours.pk


def test_what_is_public_at_a_url_is_cited_by_all() -> None:
    known = cite(shared_campaign("public", is_public=True), "Letter to Amazon")
    for name, is_public in (("draft", False), ("other", True)):
        assert cite(shared_campaign(name, is_public=is_public), "Another title") == known


def test_organizations_that_share_a_draft_share_its_documents() -> None:
    first = shared_campaign("first")
    second = shared_campaign("second", first.shared_with.get())
    document = cite(first, "Letter")
    assert document_for(URL, second) == document


def test_a_draft_that_is_shared_with_nobody_has_documents_of_its_own() -> None:
    alone, other = (make_campaign(slug=name, is_public=False) for name in ("alone", "other"))
    document = cite(alone, "Letter")
    assert document_for(URL, alone) == document
    assert document_for(URL, other) is None
    assert document_for(URL, None) is None


def test_when_a_draft_is_published_it_cites_what_is_known_in_public() -> None:
    draft, other = shared_campaign("draft"), shared_campaign("other")
    own, alone = cite(draft, "What we plan"), cite(draft, "Only here", "https://news.example/b")
    publish_campaign(campaign=other, now=NOW)
    known = cite(other, "Letter to Amazon")
    publish_campaign(campaign=draft, now=NOW)
    cited = set(Document.objects.filter(citations__action__campaign=draft))
    assert cited == {known, alone}
    assert not Document.objects.filter(pk=own.pk).exists()


def test_a_document_that_another_draft_cites_as_well_stays_when_one_is_published() -> None:
    draft, second = shared_campaign("draft"), shared_campaign("second")
    second.shared_with.set(draft.shared_with.all())
    own = cite(draft, "What we plan")
    assert cite(second, "What we plan next") == own
    cite(shared_campaign("public", is_public=True), "Letter to Amazon")
    publish_campaign(campaign=draft, now=NOW)
    assert list(Document.objects.filter(citations__action__campaign=second)) == [own]


def test_one_s_own_document_of_a_draft_is_swapped_for_the_public_one_in_a_public_fact() -> None:
    ours = shared_campaign("ours", is_public=True)
    draft = shared_campaign("draft")
    own = cite(draft, "What we plan")
    known = cite(shared_campaign("public", is_public=True), "Letter to Amazon")
    citation = Citation(action=make_action(campaign=ours), document=own)
    citation.full_clean()
    assert citation.document == known
    citation = Citation(action=make_action(campaign=draft), document=own)
    citation.full_clean()
    assert citation.document == own


def test_what_a_person_added_and_nothing_cites_is_their_organizations_own(client: Client) -> None:
    ours, theirs = shared_campaign("ours"), shared_campaign("theirs")
    form = {"url": URL, "title": "What we plan", "published_precision": "day"}
    client.force_login(work_for(theirs))
    assert client.post(ADD, form).status_code == 302
    client.force_login(work_for(ours))
    assert client.post(ADD, form | {"title": "Letter"}).status_code == 302
    assert document_for(URL, theirs) == Document.objects.get(title="What we plan")
    assert document_for(URL, ours) == Document.objects.get(title="Letter")
    again = client.post(ADD, form | {"title": "Once more"})
    assert "This document is on record: Letter" in again.content.decode()


def test_drafts_of_others_do_not_keep_a_person_from_mending_their_document(client: Client) -> None:
    ours, theirs = shared_campaign("ours", is_public=True), shared_campaign("theirs")
    known = cite(ours, "Letter to Amazn")
    assert cite(theirs, "Letter") == known
    page = f"/admin/campaigns/document/{known.pk}/change/"
    form = {"title": "Letter to Amazon", "published_precision": "day"}
    client.force_login(work_for(theirs))
    assert client.post(page, form).status_code == 403  # it is public, and not theirs
    client.force_login(work_for(ours))
    assert client.post(page, form).status_code == 302
    known.refresh_from_db()
    assert known.title == "Letter to Amazon"


def test_the_url_of_a_merged_document_leads_to_the_one_that_was_kept() -> None:
    campaign = shared_campaign("public", is_public=True)
    kept = cite(campaign, "Letter")
    duplicate = cite(campaign, "The letter", "https://news.example/letter?page=all")
    merge_documents(kept=kept, duplicate=duplicate, merged_by=None, now=NOW)
    assert cite(campaign, "Once more", "https://news.example/letter?page=all") == kept
    last = cite(campaign, "Letter again", "https://news.example/copy")
    merge_documents(kept=last, duplicate=kept, merged_by=None, now=NOW)
    assert document_for("https://news.example/letter?page=all", campaign) == last
    assert document_for(URL, campaign) == last

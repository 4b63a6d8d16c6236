"""What a draft's documents become when it is published, or a fact moves to a public campaign."""

import pytest

from campaigns.models import Citation, Document, OldUrl
from campaigns.services import load_story, merge_documents, publish_campaign
from campaigns.services.shelving import document_for
from campaigns.services.story import STORY_FILE
from campaigns.visibility import public_documents
from companies.models import Note
from companies.notes import add_note, notes_about
from tests.campaigns.shelves import URL, cite, shared_campaign, work_for
from tests.factories import NOW, make_action, make_document

pytestmark = pytest.mark.django_db

COPY = "https://news.example/letter?page=all"


def test_a_draft_that_cites_two_documents_of_one_url_is_published_with_one() -> None:
    draft = shared_campaign("draft")
    first, second = make_document(url=URL), make_document(url=URL)
    for document in (second, first):
        Citation.objects.create(document=document, action=make_action(draft))
    publish_campaign(campaign=draft, now=NOW)
    assert list(public_documents()) == [first]
    assert not Document.objects.filter(pk=second.pk).exists()


def test_a_draft_that_is_published_cites_what_its_document_was_merged_into_in_public() -> None:
    draft, public = shared_campaign("draft"), shared_campaign("public", is_public=True)
    own = cite(draft, "What we plan", COPY)
    kept, duplicate = cite(public, "Letter"), cite(public, "The letter", COPY)
    merge_documents(kept=kept, duplicate=duplicate, merged_by=None, now=NOW)
    publish_campaign(campaign=draft, now=NOW)
    assert list(public_documents()) == [kept]
    assert not Document.objects.filter(pk=own.pk).exists()


def test_old_urls_and_notes_of_a_draft_s_document_go_to_the_public_one() -> None:
    draft, public = shared_campaign("draft"), shared_campaign("public", is_public=True)
    own, copy = cite(draft, "What we plan"), cite(draft, "Its copy", COPY)
    merge_documents(kept=own, duplicate=copy, merged_by=None, now=NOW)
    author = work_for(draft)
    note = add_note(about=own, author=author, text="Ask for the whole letter", now=NOW)
    known = cite(public, "Letter")
    publish_campaign(campaign=draft, now=NOW)
    assert not Document.objects.filter(pk=own.pk).exists()
    assert document_for(COPY, draft) == known
    assert list(OldUrl.objects.values_list("document", "url")) == [(known.pk, COPY)]
    found = notes_about(Document, known.pk, person=author, among_colleagues=True)
    assert list(found) == [note]
    assert Note.objects.count() == 1


def test_an_action_that_moves_to_a_public_campaign_cites_what_the_public_knows() -> None:
    draft, public = shared_campaign("draft"), shared_campaign("public", is_public=True)
    own, known = cite(draft, "What we plan"), cite(public, "Letter")
    action = own.citations.get().action
    assert action is not None
    action.campaign = public
    action.save()
    assert action.citations.get().document == known
    assert list(public_documents()) == [known]


def test_the_founding_story_cites_nothing_of_a_draft() -> None:
    draft = shared_campaign("draft")
    url = next(
        line.split('"')[1]
        for line in STORY_FILE.read_text(encoding="utf-8").splitlines()
        if line.startswith("url = ")
    )
    secret, again = cite(draft, "What we plan", url), make_document(url=url, title="Plan B")
    Citation.objects.create(document=again, action=make_action(draft))
    load_story(now=NOW)
    assert {secret, again} & set(public_documents()) == set()
    assert load_story(now=NOW) == {}

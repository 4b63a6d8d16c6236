"""Merging documents: what is private stays so, and every old address leads somewhere."""

import pytest

from campaigns.models import Document, OldUrl
from campaigns.services import merge_documents
from companies.merging import MergeRefused
from tests.campaigns.shelves import URL, cite, shared_campaign
from tests.factories import NOW, make_document

pytestmark = pytest.mark.django_db


def merge(kept: Document, duplicate: Document) -> None:
    merge_documents(kept=kept, duplicate=duplicate, merged_by=None, now=NOW)


def test_documents_that_have_an_old_url_in_common_are_merged() -> None:
    kept, duplicate = make_document(), make_document()
    for document in (kept, duplicate):
        for url in (URL, kept.url):
            if url != document.url:
                OldUrl.objects.create(document=document, url=url)
    merge(kept, duplicate)
    urls = OldUrl.objects.values_list("document", "url")
    assert set(urls) == {(kept.pk, URL), (kept.pk, duplicate.url)}


def test_what_a_draft_says_of_a_document_is_not_merged_into_what_others_read() -> None:
    public, draft = shared_campaign("public", is_public=True), shared_campaign("draft")
    known, other = cite(public, "Letter"), cite(public, "Another", "https://news.example/b")
    own, strange = cite(draft, "What we plan", URL + "?a"), cite(shared_campaign("x"), "Plan")
    for kept, duplicate in ((known, own), (own, known), (own, strange)):
        with pytest.raises(MergeRefused, match="once both are public"):
            merge(kept, duplicate)
    merge(known, other)
    merge(own, cite(draft, "More of it", "https://news.example/c"))
    merge(known, make_document())
    assert set(Document.objects.all()) == {known, own, strange}

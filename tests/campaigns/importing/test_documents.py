"""Which documents the rows of a file cite."""

from __future__ import annotations

import pytest

from campaigns.models import Action, Campaign, Document
from campaigns.services import merge_documents
from campaigns.visibility import public_documents
from tests.campaigns.importing.bringing import bring, plan
from tests.campaigns.shelves import URL, cite, shared_campaign
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HEAD = "key,campaign,kind,title,happened_on,sources\n"
COPY = "https://news.example/copy"


def row(key: str, campaign: Campaign, *urls: str) -> str:
    return f"{key},{campaign.slug},petition,Petition {key},2018-05-22,{'; '.join(urls)}\n"


def test_what_was_brought_again_after_a_merge_of_its_documents_is_unchanged() -> None:
    campaign = shared_campaign("ours", is_public=True)
    text = HEAD + row("k1", campaign, URL, COPY)
    bring("actions", text)
    kept, duplicate = Document.objects.get(url=URL), Document.objects.get(url=COPY)
    merge_documents(kept=kept, duplicate=duplicate, merged_by=None, now=NOW)
    citations = Action.objects.get().citations.count()
    assert bring("actions", text).counts["unchanged"] == 1
    assert Action.objects.get().citations.count() == citations


def test_a_row_with_two_addresses_of_one_document_cites_it_once() -> None:
    campaign = shared_campaign("ours", is_public=True)
    kept, duplicate = cite(campaign, "Letter"), cite(campaign, "Copy", COPY)
    merge_documents(kept=kept, duplicate=duplicate, merged_by=None, now=NOW)
    bring("actions", HEAD + row("k1", campaign, URL, COPY))
    assert Action.objects.get(title="Petition k1").citations.get().document == kept


def test_public_campaigns_of_one_file_cite_one_document_at_a_url() -> None:
    first, second = (shared_campaign(name, is_public=True) for name in ("first", "second"))
    planned = plan("actions", HEAD + row("k1", first, URL) + row("k2", second, URL))
    assert [one.creates for one in planned.rows] == [[f"document {URL}"]] * 2
    bring("actions", HEAD + row("k1", first, URL) + row("k2", second, URL))
    assert public_documents().get().url == URL


def test_a_draft_s_document_that_a_row_makes_public_is_cited_by_the_rows_below() -> None:
    draft, other = shared_campaign("draft"), shared_campaign("other", is_public=True)
    own = cite(draft, "Letter")
    ours = shared_campaign("ours", draft.shared_with.get(), is_public=True)
    bring("actions", HEAD + row("k1", ours, URL) + row("k2", other, URL))
    assert public_documents().get() == own


def test_a_draft_s_row_below_a_public_one_keeps_its_words_to_itself() -> None:
    public, draft = shared_campaign("public", is_public=True), shared_campaign("draft")
    bring("actions", HEAD + row("k1", public, URL) + row("k2", draft, URL))
    assert public_documents().get().title == "Petition k1"

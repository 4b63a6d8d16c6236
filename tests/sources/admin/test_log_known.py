"""What log from a link says of an address that several documents have, or had."""

import pytest
from django.contrib.auth.models import User

from campaigns.models import Document
from campaigns.services import merge_documents
from sources.admin.log_known import Known, known_at
from tests.campaigns.shelves import URL, cite, shared_campaign, work_for
from tests.factories import NOW

pytestmark = pytest.mark.django_db

COPY = "https://news.example/copy"


def titles(known: Known | None) -> tuple[Document | None, list[str]]:
    """The document, and the first words of the facts that it is said to support."""
    return (
        (known.document, [one.words.split(" (")[0] for one in known.facts]) if known else (None, [])
    )


def test_the_public_document_is_told_before_a_draft_s_with_the_facts_of_both() -> None:
    draft, public = shared_campaign("draft"), shared_campaign("public", is_public=True)
    cite(draft, "What we plan")
    known = cite(public, "Letter")
    insider, outsider = work_for(draft), work_for(public)
    assert titles(known_at(URL, insider)) == (known, ["Letter", "What we plan"])
    assert titles(known_at(URL, outsider)) == (known, ["Letter"])


def test_a_draft_of_others_at_an_old_address_hides_nothing() -> None:
    draft, public = shared_campaign("draft"), shared_campaign("public", is_public=True)
    cite(draft, "What we plan", COPY)
    kept, duplicate = cite(public, "Letter"), cite(public, "Copy", COPY)
    merge_documents(kept=kept, duplicate=duplicate, merged_by=None, now=NOW)
    user: User = work_for(public)
    assert titles(known_at(COPY, user)) == (kept, ["Letter", "Copy"])
    spelled = COPY.replace("https://", "http://www.") + "?utm_source=mail"
    assert titles(known_at(spelled, user)) == (kept, ["Letter", "Copy"])

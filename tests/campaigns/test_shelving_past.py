"""What the public could not read then, nobody reads by asking what was known then."""

import datetime as dt

import pytest
import time_machine

from campaigns.timemachine import as_known
from campaigns.visibility import public_documents
from tests.campaigns.shelves import cite, shared_campaign
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize("is_cited_otherwise_since", [False, True])
def test_what_an_action_cited_in_a_draft_was_not_known_before_it_moved(
    is_cited_otherwise_since: bool,
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        public, draft = shared_campaign("public", is_public=True), shared_campaign("draft")
        document = cite(draft, "What we plan")
        citation = document.citations.get()
        action = citation.action
        assert action is not None
        clock.shift(HOUR)
        document.title = "Letter"
        document.save()
        action.campaign = public
        action.save()
        clock.shift(HOUR)
        if is_cited_otherwise_since:
            citation.refresh_from_db()
            citation.quote = "We expect an answer"
            citation.save()
        for hours, titles in ((0.5, []), (1.5, ["Letter"])):
            with as_known(NOW + hours * HOUR):
                assert [one.title for one in public_documents()] == titles

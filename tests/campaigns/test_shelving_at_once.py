"""Several who cite one URL in the same moment: the public still has one document of it."""

from functools import partial

import pytest

from campaigns.services import publish_campaign
from campaigns.visibility import public_documents
from tests.campaigns.shelves import cite, shared_campaign
from tests.campaigns.test_concurrency import at_once
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 3


def test_two_who_log_from_one_url_in_public_cite_one_document() -> None:
    first, second = (shared_campaign(name, is_public=True) for name in ("first", "second"))
    for number in range(ROUNDS):
        url, title = f"https://news.example/{number}", f"Letter {number}"
        at_once(partial(cite, first, title, url), partial(cite, second, title, url))
        assert public_documents().filter(url=url).count() == 1


def test_who_logs_in_public_while_a_draft_is_published_cites_the_draft_s_document() -> None:
    public = shared_campaign("public", is_public=True)
    for number in range(ROUNDS):
        url, title = f"https://news.example/{number}", f"Letter {number}"
        draft = shared_campaign(f"draft-{number}")
        cite(draft, title, url)
        at_once(
            partial(publish_campaign, campaign=draft, now=NOW),
            partial(cite, public, title, url),
        )
        assert public_documents().filter(url=url).count() == 1

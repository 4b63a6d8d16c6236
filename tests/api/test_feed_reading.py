"""What a follower of the feed is told while others write."""

import pytest
from django.test import Client

from api.orderings import Place
from api.prepared import Prepared
from api.reading import Reading
from api.resource import Selection
from campaigns.services import withdraw_campaign
from tests.api.factories import get
from tests.factories import NOW, make_campaign, make_change, make_target

pytestmark = pytest.mark.django_db


def test_a_tombstone_is_not_told_of_before_the_entry_ahead_of_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are committed after the records were read, and before the tombstones are."""
    withdrawn, kept = make_campaign(), make_campaign()
    first = make_change(make_target(withdrawn)).feed_entries.get().sequence
    read_keys = Reading._keys
    committed: list[int] = []

    def commit_and_read(
        self: Reading, selection: Selection, place: Place | None, *, is_gone: bool
    ) -> Prepared:
        if is_gone and not committed:
            committed.append(make_change(make_target(kept)).feed_entries.get().sequence)
            publication = withdraw_campaign(campaign=withdrawn, now=NOW)
            committed.append(publication.entries[0].sequence)
        return read_keys(self, selection, place, is_gone=is_gone)

    monkeypatch.setattr(Reading, "_keys", commit_and_read)

    def told(after: int) -> list[int]:
        return [item["sequence"] for item in get(client, "status-changes/", after=after)["results"]]

    assert told(first) == []
    assert told(first) == committed == [first + 1, first + 2]

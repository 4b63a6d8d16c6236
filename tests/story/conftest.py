"""The founding story, loaded for real."""

import pytest

from campaigns.services import load_story
from tests.factories import NOW
from tests.holding import held

loaded_story = held(lambda: load_story(now=NOW))


@pytest.fixture(autouse=True)
def story(loaded_story: object, db: None) -> None:
    """Everything of the story, recorded at one moment."""

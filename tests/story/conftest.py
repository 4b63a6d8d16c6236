"""The founding story, loaded for real."""

import pytest

from campaigns.services import load_story
from tests.factories import NOW


@pytest.fixture(autouse=True)
def story(db: None) -> None:
    """Everything of the story, recorded at one moment."""
    load_story(now=NOW)

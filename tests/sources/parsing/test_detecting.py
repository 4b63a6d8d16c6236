"""Detection in children: what they say of a text is believed as far as it fits the question."""

import pytest

from sources.detection import Text, WatchedTarget
from sources.parsing import ParserPool
from sources.parsing.jobs import TextChange
from tests.sources.parsing.pools import refusal, with_pool

ACME = WatchedTarget(key=1, company="Acme")


@pytest.mark.parametrize("lie", ["of another target", "in other words", "about no text"])
def test_a_candidate_that_cannot_be_is_no_answer(lie: str) -> None:
    async def test(pool: ParserPool) -> None:
        change = TextChange(None, Text("We stop it all.", title=lie))
        said = await refusal(pool.detect([change], [ACME]))
        assert said == "no valid answer: a candidate of something else"

    with_pool(test)


def test_a_candidate_of_the_target_in_the_words_of_the_text_is_one() -> None:
    async def test(pool: ParserPool) -> None:
        changes = [TextChange(None, Text("We stop it all."))] * 2
        found = await pool.detect(changes, [ACME])
        assert [[one.sentence for one in each] for each in found] == [["We stop"], ["We stop"]]

    with_pool(test)

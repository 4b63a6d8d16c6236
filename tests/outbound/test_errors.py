import pickle

import pytest

from outbound.errors import (
    Cause,
    FetchError,
    ForbiddenAddress,
    InvalidURL,
    OutboundError,
)


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_a_public_word_and_a_sentence(cause: Cause) -> None:
    assert cause == cause.name.lower()
    assert Cause(str(cause)) is cause
    assert cause.sentence.endswith(".")


def test_a_failure_reads_as_a_sentence_with_what_was_seen() -> None:
    assert str(FetchError(Cause.TIMEOUT)) == "The host took too long."
    assert str(FetchError(Cause.TIMEOUT, "after 3 s")) == "The host took too long. (after 3 s)"
    assert len(FetchError(Cause.PROTOCOL, "x" * 10_000).detail) == 300


def test_a_failure_survives_a_process_boundary() -> None:
    failure = pickle.loads(pickle.dumps(FetchError(Cause.DNS, "no such name")))
    assert (failure.cause, failure.detail) == (Cause.DNS, "no such name")


def test_there_is_one_tree() -> None:
    assert issubclass(FetchError, OutboundError)
    assert issubclass(ForbiddenAddress, InvalidURL)
    assert issubclass(InvalidURL, OutboundError)

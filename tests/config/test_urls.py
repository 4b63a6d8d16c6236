"""Where addresses lead, as far as no app knows it."""

from config import urls


def test_a_failure_below_the_api_is_answered_by_the_api() -> None:
    assert urls.handler500 == "api.problems.server_error"

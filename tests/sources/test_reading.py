"""What an answer says, read without any I/O."""

import pytest

from sources.causes import Cause
from sources.extraction import Unreadable
from sources.kinds import SourceKind
from sources.reading import Visit, read


@pytest.mark.parametrize(
    ("title", "text", "cause"),
    [
        ("404 Not Found", "The page is gone.", Cause.ERROR_PAGE),
        ("503 Service temporarily unavailable", "All sales are suspended.", Cause.ERROR_PAGE),
        ("Just a moment...", "Acme needs to review your connection.", Cause.BLOCKED_PAGE),
        ("Log in", "Please log in to continue.", Cause.LOGIN_PAGE),
    ],
)
def test_a_failure_that_says_200_is_a_failure(title: str, text: str, cause: Cause) -> None:
    body = f"<title>{title}</title><p>{text}</p>".encode()
    with pytest.raises(Unreadable) as caught:
        read(SourceKind.PAGE, Visit("text/html", body, "https://a.example"))
    assert caught.value.cause == cause


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("404 Media", "Amazon pauses sales."),
        ("500 companies pledge", "They stop."),
        ("Login gov statement", "word " * 400),
        ("Access denied: a report on lock-outs", "word " * 400),
    ],
)
def test_a_page_about_errors_is_no_error_page(title: str, text: str) -> None:
    body = f"<title>{title}</title><p>{text}</p>".encode()
    assert read(SourceKind.PAGE, Visit("text/html", body, "https://a.example"))


def test_a_rule_that_nobody_knows_is_an_error_and_not_ignored() -> None:
    visit = Visit("text/html", b"<p>We stop.</p>", "https://a.example")
    with pytest.raises(ValueError, match="includ"):
        read(SourceKind.PAGE, visit, {"includ": ["main"]})
    assert read(SourceKind.PAGE, visit, {}) == read(SourceKind.PAGE, visit)

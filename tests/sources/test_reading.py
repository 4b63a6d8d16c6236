"""What an answer says, read without any I/O."""

import re

import pytest

from sources.causes import Cause
from sources.extraction import Unreadable
from sources.kinds import SourceKind
from sources.reading import Visit, check_rules, fault_of_rules, read


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


BROKEN: dict[str, tuple[SourceKind, dict[str, object], str]] = {
    "unknown": (SourceKind.PAGE, {"includ": ["main"]}, "There are no such rules: includ."),
    "selector": (SourceKind.PAGE, {"include": ["main["]}, "is not a CSS selector"),
    "pattern": (SourceKind.PAGE, {"ignored": ["(?=x)"]}, "uses “(?=”"),
    "feed": (SourceKind.FEED, {"include": ["main"]}, "There are no such rules: include."),
    "no rules": (SourceKind.JSON, {}, "lack a part"),
    "path": (
        SourceKind.JSON,
        {"kind": "value", "path": "$.a["},
        "In the path “$.a[”: A closing bracket",
    ),
    "kind": (SourceKind.JSON, {"kind": "cell", "path": "$", "key": "id"}, "of kind “value” or"),
    "form": (SourceKind.BILL, {"form": "gazette"}, "The form of a bill is one of"),
    "day": (SourceKind.BILL, {"form": "billstatus", "session_ends_on": "soon"}, "“soon” is no day"),
    "number": (SourceKind.BILL, {"form": "billstatus", "session_ends_on": 7}, "“7” is no day"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_rules_that_cannot_be_followed_are_a_failure_that_says_what_to_mend(name: str) -> None:
    kind, rules, said = BROKEN[name]
    with pytest.raises(Unreadable) as caught:
        read(kind, Visit("text/html", b"<p>We stop.</p>", "https://a.example"), rules)
    assert caught.value.cause == Cause.BAD_RULES
    assert said in fault_of_rules(kind, rules)
    with pytest.raises(ValueError, match=re.escape(said)):
        check_rules(kind, rules)


def test_no_rules_are_no_fault_of_a_page() -> None:
    visit = Visit("text/html", b"<p>We stop.</p>", "https://a.example")
    assert fault_of_rules(SourceKind.PAGE, {}) == ""
    assert read(SourceKind.PAGE, visit, {}) == read(SourceKind.PAGE, visit)

"""Letters that are rendered once: what goes over the wire is what Django would send."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alerts.channels.letters import (
    ADDRESS,
    MANAGE_LINK,
    MESSAGE_ID,
    REASONS,
    REASONS_HTML,
    UNSUBSCRIBE_LINK,
    Letter,
    Personal,
)

NO_SURROGATES = st.characters(exclude_categories=["Cs"])
SLOTS = [REASONS, MANAGE_LINK, UNSUBSCRIBE_LINK]
LONG = "word = " * 200
texts = st.lists(
    st.one_of(
        st.text(NO_SURROGATES, max_size=30),
        st.sampled_from(
            [*SLOTS, LONG, "é" * 1200, "\n.\n", "\r\n..", "\r", "\x0c", "=3D", "From "]
        ),
        st.sampled_from(["Content-Transfer-Encoding: 8bit", "\nContent-Transfer-Encoding: 8bit\n"]),
    ),
    max_size=6,
).map("".join)
reasons = st.one_of(
    st.text(NO_SURROGATES, max_size=40),
    st.sampled_from(["", "a=b", LONG, "über", "x\r\n.\r\nMAIL FROM:<a@b.c>", "\n", "\x00"]),
)
subjects = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=200)


def letter(subject: str, text: str, html: str) -> Letter:
    headers = {
        "Message-ID": MESSAGE_ID,
        "List-Unsubscribe": f"<{UNSUBSCRIBE_LINK}>",
        "References": "<campaign-1@x.example>",
    }
    return Letter(subject, text, html, headers)


def personal(why: str = "", address: str = "reader@example.org", link: str = "") -> Personal:
    return Personal(
        address=address,
        message_id="<delivery-7@x.example>",
        unsubscribe_link=link or "https://x.example/unsubscribe/abc=/",
        manage_link="https://x.example/manage/abc=/",
        reasons=why,
    )


def steady(content: bytes) -> bytes:
    """A mail without what differs from one rendering to the next."""
    content = re.sub(rb"===============\d+==", b"BOUNDARY", content)
    return re.sub(rb"\r\nDate: [^\r]+", b"", content)


def by_django(of: Letter, to: Personal) -> bytes:
    return bytes(of.to(to).message().as_bytes(linesep="\r\n"))


@given(subject=subjects, text=texts, html=texts, why=reasons)
@example(subject="s", text=REASONS, html="é", why="Größe")
@example(subject="s", text=f"é\n{REASONS}", html="é", why="Größe")
@example(subject="s", text=LONG + REASONS, html="", why="a=b")
@example(subject="s", text=f"{REASONS}\nContent-Transfer-Encoding: 8bit", html="é", why="é")
@example(subject="s", text="x" * 900 + REASONS, html="é", why="y" * 200)
@example(subject="s", text=f"{MANAGE_LINK}\n.\n", html=f"{REASONS_HTML}", why="<b>&")
def test_the_bytes_are_those_that_django_would_send(
    subject: str, text: str, html: str, why: str
) -> None:
    this, to = letter(subject, text, html), personal(why)
    for _ in range(2):
        assert steady(this.bytes_to(to)) == steady(by_django(this, to))


@given(text=texts, why=reasons)
def test_no_line_is_too_long_and_none_ends_but_by_carriage_return_and_line_feed(
    text: str, why: str
) -> None:
    content = letter("Subject", text, f"<p>{REASONS_HTML}</p>").bytes_to(personal(why))
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", content) is None


@given(why=st.text(NO_SURROGATES, max_size=100), text=texts)
def test_nothing_of_a_body_becomes_a_header(why: str, text: str) -> None:
    evil = f"\r\nBcc: victim@example.org\r\n\r\n{why}"
    content = letter("Subject", text + REASONS, REASONS_HTML).bytes_to(personal(evil))
    mail = message_from_bytes(content, EmailMessage, policy=policy.default)
    assert mail["Bcc"] is None
    assert mail["To"] == "reader@example.org"
    assert mail["Subject"] == "Subject"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n"])
def test_nothing_of_a_recipient_becomes_a_header(line_break: str) -> None:
    evil = f"{line_break}Bcc: victim@example.org"
    this = letter("Subject", "text", "html")
    with pytest.raises(ValueError, match="newlines"):
        this.bytes_to(personal(link=f"https://x.example/{evil}"))
    with pytest.raises(ValueError, match="newlines"):
        this.bytes_to(personal(address=f"a@example.org{evil}"))


@pytest.mark.parametrize(
    ("address", "header"),
    [
        ("o'hara+x=y@example.org", "o'hara+x=y@example.org"),
        ('"a b"@example.org', '"a b"@example.org'),
        ("reader@exämple.org", "reader@xn--exmple-cua.org"),
    ],
)
def test_any_address_is_written_as_django_writes_it(address: str, header: str) -> None:
    for text in ("plain", "übel"):
        this, to = letter("Subject", text, text), personal(address=address)
        content = this.bytes_to(to)
        assert steady(content) == steady(by_django(this, to))
        assert f"\r\nTo: {header}\r\n".encode() in content


def test_a_letter_holds_none_of_the_marks_once_it_is_filled() -> None:
    marks = (ADDRESS, MESSAGE_ID, UNSUBSCRIBE_LINK, MANAGE_LINK, REASONS, REASONS_HTML)
    this = letter("Subject", " ".join(marks), "<br>".join(marks))
    content = this.bytes_to(personal("because"))
    assert [mark for mark in marks if mark.encode() in content] == []

"""The envelope of a mail and the shape of its text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alerts import messages


def test_a_subject_says_who_moved_where_and_about_what() -> None:
    assert (
        messages.subject("Amazon: paused → expired", "Stop selling face recognition to police")
        == "Amazon: paused → expired (Stop selling face recognition to police)"
    )


def test_a_long_demand_is_cut_between_words_in_the_subject() -> None:
    subject = messages.subject("Amazon: called on", "word " * 100)
    assert subject.endswith("word …)")
    assert len(subject) < 110


@given(st.text(), st.text())
def test_a_subject_is_one_line_whatever_the_titles_hold(headline: str, demand: str) -> None:
    subject = messages.subject(headline, demand)
    assert len(subject.splitlines()) == 1
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in subject)


def test_line_breaks_of_every_kind_become_spaces() -> None:
    assert messages.one_line("a\r\nBcc: x\u2028y\x0bz\x00\x1f ") == "a Bcc: x y z"


def test_a_message_id_is_the_same_whenever_asked_and_differs_between_messages() -> None:
    assert messages.message_id("delivery", 7, "f.example") == "<delivery-7@f.example>"
    assert messages.message_id("delivery", 8, "f.example") != "<delivery-7@f.example>"


def test_mails_of_one_campaign_share_a_thread() -> None:
    one, again = (messages.thread_headers(3, "f.example") for _ in range(2))
    assert one == again
    assert one["References"] == one["In-Reply-To"] == "<campaign-3@f.example>"
    assert messages.thread_headers(4, "f.example") != one


def test_unsubscribing_takes_one_click() -> None:
    assert messages.unsubscribe_headers("https://f.example/unsubscribe/x/") == {
        "List-Unsubscribe": "<https://f.example/unsubscribe/x/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


@given(st.text(alphabet=st.characters(categories=["L", "Zs", "Zl", "P"]), max_size=400))
def test_wrapped_text_keeps_every_word(text: str) -> None:
    lines = messages.wrap(text, "> ").splitlines()
    assert all(line.startswith("> ") for line in lines)
    assert " ".join(line[2:] for line in lines).split() == text.split()


def test_a_link_is_never_broken() -> None:
    link = "https://example.org/" + "long-" * 40
    assert link in messages.wrap(f"See {link} for more").splitlines()

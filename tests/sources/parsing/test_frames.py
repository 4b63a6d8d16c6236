"""How parent and child speak."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.parsing.child import serve
from sources.parsing.frames import READY, Outcome, decode_answer, framed, read_frame
from sources.parsing.limits import ParserLimits


@given(st.lists(st.binary()))
def test_frames_come_one_after_the_other_until_the_end(contents: list[bytes]) -> None:
    source = io.BytesIO(b"".join(map(framed, contents)))
    assert [read_frame(source) for _ in contents] == contents
    assert read_frame(source) is None


@pytest.mark.parametrize("cut", [b"\0", b"\0\0\0", b"\0\0\0\2", b"\0\0\0\2x"])
def test_a_frame_that_is_cut_short_is_an_error(cut: bytes) -> None:
    with pytest.raises(EOFError):
        read_frame(io.BytesIO(cut))


def test_a_child_says_that_it_is_ready_and_ends_with_its_input() -> None:
    sink = io.BytesIO()
    serve({}, ParserLimits(), io.BytesIO(), sink)
    assert sink.getvalue() == framed(READY)


def test_what_is_no_job_is_answered_as_our_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.parsing.child.allow_cpu", lambda seconds: None)
    sink = io.BytesIO()
    limits = ParserLimits(memory_mb=1_000_000)  # this process is larger than a child
    serve({}, limits, io.BytesIO(framed(b"{}") + framed(b"")), sink)
    sink.seek(len(framed(READY)))
    answer = decode_answer(read_frame(sink) or b"")
    assert answer.outcome is Outcome.FAULT
    assert "KeyError" in answer.value

"""The command that scores detection on labelled lines."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

TARGET = {
    "company": "Corvia",
    "demand": "Stop selling face recognition to police",
    "status": "called_on",
}
PAUSED = "Corvia has put a one-year moratorium on police face recognition."
LINES: list[dict[str, Any]] = [
    {
        "id": "found",
        "published": "2024-05-16",
        "text": PAUSED,
        "targets": [TARGET],
        "expected": {"company": "Corvia", "status": "paused", "expires_on": "2025-05-16"},
    },
    {
        "id": "false",
        "text": PAUSED,
        "targets": [TARGET],
        "expected": None,
        "trap": "already_recorded",
    },
    {
        "id": "missed",
        "text": "Corvia makes cameras.",
        "targets": [TARGET],
        "expected": {"company": "Corvia", "status": "met", "sentence": "Corvia makes cameras."},
    },
    {
        "id": "wrong",
        "text": PAUSED,
        "targets": [TARGET],
        "expected": {"company": "Corvia", "status": "met"},
    },
    {
        "id": "right",
        "text": "Corvia makes cameras.",
        "targets": [TARGET],
        "expected": None,
        "trap": "background",
    },
]


def run(tmp_path: Path, lines: list[Any], *options: str) -> str:
    file = tmp_path / "labelled.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines))
    out = io.StringIO()
    call_command("backtest", str(file), *options, stdout=out)
    return " ".join(out.getvalue().split())


def test_scores_are_printed_over_all_and_per_status_and_trap(tmp_path: Path) -> None:
    printed = run(tmp_path, LINES, "--scores-only")

    assert "precision 66.7 % (2 of 3)" in printed
    assert "recall 66.7 % (2 of 3)" in printed
    assert "F1 0.667" in printed
    assert "false alarms 50.0 % (1 of 2)" in printed
    assert "status right 50.0 % (1 of 2)" in printed
    assert "company right 100.0 % (2 of 2)" in printed
    assert "expiry day right 100.0 % (1 of 1)" in printed
    assert "Per status met 0.0 % (0 of 2) paused 100.0 % (1 of 1)" in printed
    assert "already_recorded 0.0 % (0 of 1) background 100.0 % (1 of 1)" in printed


def test_every_error_is_printed_with_what_was_expected_found_and_why(tmp_path: Path) -> None:
    printed = run(tmp_path, LINES)

    assert "false: false alarm (already_recorded) found: Corvia, paused" in printed
    assert "missed: missed (met) expected: Corvia, met “Corvia makes cameras.”" in printed
    assert "wrong: wrong status (met) expected: Corvia, met" in printed
    assert "- subject is Corvia" in printed
    assert "right:" not in printed
    assert "found:" not in printed.partition("false alarm")[0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"id": "a", "text": "x", "targets": [TARGET]}, "'expected' is missing"),
        (LINES[4] | {"expected": {"company": "Corvia"}}, "needs a 'company' and a 'status'"),
        (LINES[4] | {"expected": {"company": "Corvia", "status": "pausd"}}, "is no status"),
        (LINES[4] | {"expected": {"company": "Other", "status": "met"}}, "none of the targets"),
        (LINES[0] | {"expected": LINES[0]["expected"] | {"expires_on": "soon"}}, "'expires_on'"),
        (LINES[4] | {"targets": []}, "'targets' is empty"),
        ("text", "is a string"),
    ],
)
def test_a_line_that_is_none_is_named_and_nothing_is_scored(
    tmp_path: Path, line: Any, said: str
) -> None:
    file, out, err = tmp_path / "labelled.jsonl", io.StringIO(), io.StringIO()
    file.write_text("\n".join(json.dumps(one) for one in (LINES[4], line)))

    with pytest.raises(CommandError, match="Nothing was scored"):
        call_command("backtest", str(file), stdout=out, stderr=err)

    assert err.getvalue().startswith("Line 2")
    assert said in err.getvalue()
    assert out.getvalue() == ""


def test_what_a_label_leaves_out_is_not_judged_and_null_is_none(tmp_path: Path) -> None:
    open_label = LINES[0] | {"expected": {"company": "Corvia", "status": "paused"}}
    without = LINES[0] | {"expected": open_label["expected"] | {"expires_on": None}}

    printed = run(tmp_path, [open_label])
    assert "expiry day right –" in printed
    assert "effective day right –" in printed
    assert "“" not in printed
    assert "Per trap" not in printed
    assert "wrong" not in printed

    printed = run(tmp_path, [without])
    assert "no expiry right 0.0 % (0 of 1)" in printed
    assert "found: wrong expiry (paused)" in printed


def test_a_file_without_a_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no line to score"):
        run(tmp_path, [])

"""The command that reads a text or JSON lines by hand."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

OPTIONS = ("--company", "Corvia", "--demand", "Stop selling face recognition to police")
SENTENCE = "Corvia has put a one-year moratorium on police face recognition."
TARGET = {"company": "Corvia", "demand": OPTIONS[3], "status": "called_on"}


def run(file: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("detect", str(file), *options, stdout=out)
    return out.getvalue()


def saved(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "input"
    file.write_text(text)
    return file


def test_a_text_is_read_with_its_reasons(tmp_path: Path) -> None:
    printed = run(saved(tmp_path, SENTENCE), *OPTIONS, "--published", "2024-05")

    assert "Corvia: paused" in printed
    assert "expires: 2025-05\n" in printed
    assert "subject is Corvia" in printed


def test_a_saved_page_is_read_as_its_main_text(tmp_path: Path) -> None:
    page = f"<!doctype html><html lang='en'><body><main><p>{SENTENCE}</p></main></body></html>"

    assert f"“{SENTENCE}”" in run(saved(tmp_path, page), *OPTIONS)


def test_a_text_without_news_says_so(tmp_path: Path) -> None:
    assert "No change" in run(saved(tmp_path, "Corvia makes cameras."), *OPTIONS)


def test_json_lines_are_answered_line_by_line(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "published": "2024-05-16", "text": SENTENCE, "targets": [TARGET]},
        {"id": "b", "text": "Corvia makes cameras.", "targets": [TARGET]},
    ]
    file = saved(tmp_path, "\n".join(json.dumps(line) for line in lines))

    first, second = (json.loads(line) for line in run(file, "--json").splitlines())

    assert second == {"id": "b", "findings": []}
    [finding] = first["findings"]
    assert set(finding) == {
        "company", "status", "extends", "effective_on", "expires_on", "exemptions", "sentence",
        "score", "reasons",
    }  # fmt: skip
    assert (finding["company"], finding["status"]) == ("Corvia", "paused")
    assert (finding["effective_on"], finding["expires_on"]) == ("2024-05-16", "2025-05-16")


def test_of_two_pages_only_what_is_new_counts(tmp_path: Path) -> None:
    before = f"<html lang='en'><body><main><p>{SENTENCE}</p></main></body></html>"
    line = {"id": 1, "before_html": before, "after_html": before, "targets": [TARGET]}

    assert json.loads(run(saved(tmp_path, json.dumps(line)), "--json"))["findings"] == []


@pytest.mark.parametrize(
    "line", ["not json", '{"text": "x", "targets": [{}]}', '{"id": 1, "targets": []}', "[]"]
)
def test_a_bad_line_is_an_error_that_names_it(tmp_path: Path, line: str) -> None:
    with pytest.raises(CommandError, match="Line 1"):
        run(saved(tmp_path, line), "--json")


def test_a_missing_file_or_company_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        run(tmp_path / "missing", *OPTIONS)
    with pytest.raises(CommandError, match="--company"):
        run(saved(tmp_path, SENTENCE))


def test_a_wrong_date_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        run(saved(tmp_path, SENTENCE), *OPTIONS, "--published", "May")


def test_names_that_are_no_list_are_refused_rather_than_read_letter_by_letter(
    tmp_path: Path,
) -> None:
    line = {"id": "a", "text": SENTENCE, "targets": [TARGET | {"aliases": "AWS"}]}

    with pytest.raises(CommandError, match="'aliases' must be a list of names"):
        run(saved(tmp_path, json.dumps(line)), "--json")


def test_what_a_text_tells_of_before_the_record_began_is_no_change(tmp_path: Path) -> None:
    line = {"id": "a", "text": f"On 8 June {SENTENCE}", "published": "2020-06-10"}
    targets = [TARGET | {"status_since": since} for since in ("2020-06-09", "2020-06-07")]
    lines = "\n".join(json.dumps(line | {"targets": [target]}) for target in targets)

    answers = run(saved(tmp_path, lines), "--json").splitlines()

    assert [len(json.loads(answer)["findings"]) for answer in answers] == [0, 1]

"""The command that reads a text or JSON lines by hand."""

import io
import json
import re
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
    ("line", "said"),
    [
        ("not json", "it is no JSON"),
        ("[]", "it must be one JSON object and is an array"),
        ('{"id": 7, "text": 42, "targets": []}', r"\(id 7\): 'text' must be a text in quotes"),
        ('{"text": "x", "targets": [{}]}', "every target needs a 'company'"),
        ('{"text": "x", "targets": [{"company": "C", "status": "winning"}]}', "called_on, "),
        ('{"text": "x", "published": "2020-13", "targets": []}', "'published': “2020-13” is no"),
        ('{"id": 1, "targets": []}', "it needs 'text'"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path, line: str, said: str) -> None:
    good = json.dumps({"id": "good", "text": "Corvia makes cameras.", "targets": [TARGET]})
    out, err = io.StringIO(), io.StringIO()

    with pytest.raises(CommandError, match="Of 2 lines 1 could not be read"):
        call_command(
            "detect", str(saved(tmp_path, f"{line}\n{good}")), "--json", stdout=out, stderr=err
        )

    assert re.match(rf"Line 1.*{said}", err.getvalue())
    assert json.loads(out.getvalue()) == {"id": "good", "findings": []}


def test_a_mark_of_the_encoding_and_half_a_surrogate_pair_do_no_harm(tmp_path: Path) -> None:
    line = {"id": "a", "text": f"\ud800 {SENTENCE}", "targets": [TARGET]}

    printed = run(saved(tmp_path, "\ufeff" + json.dumps(line)), "--json")

    assert "\ufffd" in json.loads(printed.encode())["findings"][0]["sentence"]


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"", "no text"), (b"%PDF-1.4", "PDF"), ("Wörter".encode("utf-16-le"), "encoding")],
)
def test_a_file_that_is_no_text_is_refused_in_a_sentence(
    tmp_path: Path, body: bytes, said: str
) -> None:
    file = tmp_path / "input"
    file.write_bytes(body)
    with pytest.raises(CommandError, match=f"The file .*{said}"):
        run(file, *OPTIONS)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--status", "winning"), "no status; there are: called_on, "),
        (("--published", "2020-13"), "--published: "),
        (("--company", "Other"), "--company can be given once"),
        (("--json",), "leave out --company, --demand"),
    ],
)
def test_an_option_that_cannot_be_taken_is_refused_in_a_sentence(
    tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        run(saved(tmp_path, SENTENCE), *OPTIONS, *options)


def test_status_and_day_are_taken_as_people_write_them(tmp_path: Path) -> None:
    options = ("--status", "Called on", "--published", "May 2024")
    assert "expires: 2025-05\n" in run(saved(tmp_path, SENTENCE), *OPTIONS, *options)
    assert "No change" in run(saved(tmp_path, SENTENCE), *OPTIONS, "--status", "Paused")


def test_json_without_its_option_or_over_several_lines_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="add --json"):
        run(saved(tmp_path, '{"id": 1}'), *OPTIONS)
    with pytest.raises(CommandError, match="spread over several lines"):
        run(saved(tmp_path, json.dumps({"id": 1}, indent=1)), "--json")


def test_an_empty_file_of_lines_says_that_it_is(tmp_path: Path) -> None:
    err = io.StringIO()
    call_command("detect", str(saved(tmp_path, "\n")), "--json", stderr=err)
    assert err.getvalue() == "There was no line to read.\n"


def test_of_a_web_archive_the_page_is_read(tmp_path: Path) -> None:
    archive = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
        "Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n"
        f"<html><body><main><p>{SENTENCE[:30]}=\n{SENTENCE[30:]}</p></main></body></html>\n--b--\n"
    )
    assert f"“{SENTENCE}”" in run(saved(tmp_path, archive), *OPTIONS)


def test_sentences_that_are_not_read_are_told(tmp_path: Path) -> None:
    err = io.StringIO()
    file = saved(tmp_path, "Cameras sell.\n" * 3_002)
    call_command("detect", str(file), *OPTIONS, stdout=io.StringIO(), stderr=err)
    assert "first 3,000 sentences were read, and 2 after" in err.getvalue()


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

    err = io.StringIO()
    with pytest.raises(CommandError):
        call_command("detect", str(saved(tmp_path, json.dumps(line))), "--json", stderr=err)
    assert "'aliases' must be a list of names" in err.getvalue()


def test_what_a_text_tells_of_before_the_record_began_is_no_change(tmp_path: Path) -> None:
    line = {"id": "a", "text": f"On 8 June {SENTENCE}", "published": "2020-06-10"}
    targets = [TARGET | {"status_since": since} for since in ("2020-06-09", "2020-06-07")]
    lines = "\n".join(json.dumps(line | {"targets": [target]}) for target in targets)

    answers = run(saved(tmp_path, lines), "--json").splitlines()

    assert [len(json.loads(answer)["findings"]) for answer in answers] == [0, 1]

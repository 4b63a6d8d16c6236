"""Labelled passages are turned into rows as detection reads texts."""

import json
from pathlib import Path
from typing import Any

from sources.detection.candidates import EXTENSION
from training.passages import (
    NO_NEWS,
    Row,
    alone,
    known_stems,
    read_lines,
    read_together,
    rows_of,
    see,
)

NEWS = "Corvia has suspended sales of face recognition to police for a year."
LINE: dict[str, Any] = {
    "id": "a-1",
    "lang": "en",
    "title": "Corvia pauses sales",
    "published": "2024-05-16",
    "text": f"Corvia makes 1,200 cameras.\n\n{NEWS} Lumen Bank has ended loans to coal mines.",
    "targets": [
        {
            "company": name,
            "aliases": [],
            "products": [],
            "demand": demand,
            "topic": "",
            "status": "called_on",
        }
        for name, demand in (
            ("Corvia", "Stop selling face recognition to police"),
            ("Lumen Bank", "End loans to coal mines"),
        )
    ],
    "expected": {"company": "Corvia", "status": "paused", "extends": False, "sentence": NEWS},
    "trap": None,
    "file": "a.jsonl",
    "is_alone": False,
}


def rows(line: dict[str, Any]) -> list[Row]:
    seen = list(see(0, line))
    known = frozenset(stem for one in seen for view in one.views for stem in view.outline.stems)
    return [row for one in seen for row in rows_of(one, known)]


def test_only_the_labelled_sentence_is_news_and_only_for_its_company() -> None:
    corvia, lumen_bank = (one.target for one in see(0, LINE))

    assert [(row.target, row.label) for row in rows(LINE)] == [
        (corvia, NO_NEWS),
        (corvia, "paused"),
        (corvia, NO_NEWS),
        *[(lumen_bank, NO_NEWS)] * 3,
    ]


def test_a_later_end_has_a_label_of_its_own() -> None:
    extends = {**LINE, "expected": {**LINE["expected"], "extends": True}}

    assert {row.label for row in rows(extends)} == {NO_NEWS, EXTENSION}


def test_a_sentence_is_evidence_for_the_target_that_it_is_about() -> None:
    evidence = [row.is_evidence for row in rows(LINE)]

    assert evidence == [True, True, False, *[False, False, True]]


def test_of_a_long_passage_the_sentences_around_the_likeliest_evidence_are_read_together() -> None:
    filler = ["Corvia makes cameras."] * 6
    loud = "Lumen Bank has ended loans to coal mines."
    sentences = rows({**LINE, "text": " ".join([*filler, NEWS, *filler, loud])})[:14]
    assert not sentences[13].is_evidence
    news = [0.9 if at == 13 else 0.1 * (at == 6) for at in range(14)]

    together = read_together(sentences, news)

    assert [at for at in range(14) if together[at]] == [3, 4, 5, 6, 7, 8]


def test_no_name_of_a_target_and_no_number_is_learnt() -> None:
    runs = {feature.partition("\t")[2] for row in rows(LINE) for feature in row.features}
    words = {word for run in runs for word in run.split(" ")}

    assert not words & {"corvia", "lumen", "1,200", "1200"}


def test_the_same_words_are_learnt_for_each_status_on_record() -> None:
    met = {**LINE, "targets": [{**one, "status": "met"} for one in LINE["targets"]]}
    spaces = {
        feature.partition("\t")[0]
        for row in (*rows(LINE), *rows(met))
        for feature in row.features
        if " against " in feature
    }

    assert {"tags against called_on", "tags against met", "facts title against met"} <= spaces


def test_a_passage_is_cut_down_to_its_news_or_to_what_is_most_like_it() -> None:
    quiet = {**LINE, "expected": None, "trap": "background"}

    assert alone(LINE)["text"] == NEWS
    assert alone(quiet)["text"] == NEWS
    assert alone(quiet)["is_alone"]


def test_a_stem_that_few_passages_have_is_not_learnt() -> None:
    often = [one for at in range(8) for one in see(at, LINE)]
    seldom = [one for at in range(7) for one in see(at, LINE)]

    assert "camera" in {stem[:6] for stem in known_stems(often)}
    assert "camera" not in {stem[:6] for stem in known_stems(seldom)}


def test_lines_in_english_are_read_with_their_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.jsonl"
    path.parent.mkdir()
    lines = [{"lang": "en", "id": "1"}, {"lang": "de", "id": "2"}, {"id": "3"}]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")

    found = read_lines([tmp_path])

    assert [(one["id"], one["file"]) for one in found] == [("1", str(path)), ("3", str(path))]

"""Which target a source is probably about."""

import pytest

from sources.suggestions import (
    MAX_SUGGESTIONS,
    Reason,
    Suggestion,
    TargetToSuggest,
    suggest_targets,
)

ACME = TargetToSuggest(
    1,
    names=("Acme Foods, Inc.", "Acme"),
    websites=("https://www.acmefoods.example/about",),
    campaign="Cage-free promises of restaurants",
)
TARGET = TargetToSuggest(2, names=("Target Corporation",), products=("Good & Gather",))
AMAZON = TargetToSuggest(
    3,
    names=("Amazon", "Amazon Web Services", "AWS"),
    websites=("amazon.example",),
    products=("Rekognition",),
    campaign="Stop selling face recognition to police",
)
ALL = (ACME, TARGET, AMAZON)


def suggest(
    title: str = "", text: str = "", url: str = "https://news.example/1"
) -> list[Suggestion]:
    return suggest_targets(title=title, text=text, url=url, targets=ALL)


@pytest.mark.parametrize(
    ("title", "text", "url", "key", "reason", "words"),
    [
        ("", "", "https://press.acmefoods.example/x", 1, Reason.WEBSITE, "acmefoods.example"),
        ("", "", "https://www.amazon.example/", 3, Reason.WEBSITE, "amazon.example"),
        ("", "", "https://amazon-news.example/", 3, Reason.HOST, "Amazon"),
        ("News of ACME FOODS", "", "", 1, Reason.TITLE, "Acme Foods, Inc."),
        ("Target’s eggs", "", "", 2, Reason.TITLE, "Target Corporation"),
        ("Rekognition in court", "", "", 3, Reason.PRODUCT_TITLE, "Rekognition"),
        ("", "The police use Rekognition.", "", 3, Reason.PRODUCT_TEXT, "Rekognition"),
        ("", "Acme and AWS. AWS and AWS.", "", 3, Reason.TEXT, "AWS"),
        ("Good & Gather recalls", "", "", 2, Reason.PRODUCT_TITLE, "Good & Gather"),
        (
            "",
            "Police use of face recognition",
            "",
            3,
            Reason.CAMPAIGN,
            "police, recognition",
        ),
    ],
)
def test_the_likeliest_target_comes_first_with_the_reason(
    title: str, text: str, url: str, key: int, reason: Reason, words: str
) -> None:
    best = suggest(title, text, url)[0]
    assert best.key == key
    assert best.reasons[0] == (reason, words)


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("The weather", "https://news.example/"),
        ("On target: a foodie in the amazon", "https://news.example/"),
        ("Acmeist poetry", "https://notamazon.example/"),
        ("Police", "https://amazing.example/"),
        ("", "not an address"),
    ],
)
def test_nothing_is_suggested_without_a_reason(title: str, url: str) -> None:
    assert suggest(title, "", url) == []


def test_a_host_that_only_contains_that_of_a_company_is_not_its_website() -> None:
    for url in ("https://acmefoods.example.evil.example/", "https://notacmefoods.example/"):
        reasons = [reason for found in suggest(url=url) for reason, _words in found.reasons]
        assert Reason.WEBSITE not in reasons


def test_reasons_add_up_and_never_to_certainty() -> None:
    by_title = suggest("Amazon")[0]
    by_more = suggest("Amazon and Rekognition", "Amazon. " * 9, "https://amazon.example/")[0]
    assert 0 < by_title.score < by_more.score < 1
    weights = [reason for reason, _words in by_more.reasons]
    assert weights[:2] == [Reason.WEBSITE, Reason.TITLE]
    assert set(weights) == {Reason.WEBSITE, Reason.TITLE, Reason.PRODUCT_TITLE, Reason.TEXT}


def test_a_name_that_stands_often_says_more_than_one_that_stands_once() -> None:
    text = "Amazon, like Acme, is silent. Amazon did not answer. Amazon was asked twice."
    amazon, acme = suggest(text=text)
    assert (amazon.key, acme.key) == (3, 1)
    assert amazon.score > acme.score


def test_of_many_targets_the_best_are_suggested() -> None:
    targets = [TargetToSuggest(number, names=("Amazon",)) for number in range(50)]
    found = suggest_targets(title="Amazon", text="", url="", targets=targets)
    assert [one.key for one in found] == list(range(MAX_SUGGESTIONS))

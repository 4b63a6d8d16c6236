"""Spanish, French and German sentences that state a change plainly, each in ``statements.tsv``."""

from dataclasses import replace
from pathlib import Path

import pytest

from sources.detection import Text, WatchedTarget, detect
from tests.sources.detection.examples import CORVIA, HALDEN, THURSDAY

STATEMENTS = [
    line.split("\t")
    for line in Path(__file__).with_name("statements.tsv").read_text("utf-8").splitlines()
]
"""Language, status on record ("-" for none), what is told, sentence."""


def told(language: str, body: str, *targets: WatchedTarget) -> list[str]:
    text = Text(body, published_on=THURSDAY, language=language)
    found = detect(None, text, targets)
    return ["extension" if one.extends else one.status for one in found]


@pytest.mark.parametrize(("language", "recorded", "status", "sentence"), STATEMENTS)
def test_a_plain_statement_is_read(
    language: str, recorded: str, status: str, sentence: str
) -> None:
    target = replace(CORVIA, status=None if recorded == "-" else recorded)
    assert told(language, sentence, target) == [status]


@pytest.mark.parametrize(
    ("language", "body", "expires"),
    [
        ("es", "Corvia suspende durante un año la venta de reconocimiento facial.", "2025-05-01"),
        ("fr", "Corvia suspend la vente de reconnaissance faciale pendant un an.", "2025-05-01"),
        ("de", "Corvia setzt den Verkauf von Gesichtserkennung für ein Jahr aus.", "2025-05-01"),
        (
            "es",
            "Corvia suspende hasta el 30 de junio la venta de reconocimiento facial.",
            "2024-06-30",
        ),
        ("fr", "Corvia suspend jusqu'au 30 juin la vente de reconnaissance faciale.", "2024-06-30"),
        ("de", "Corvia setzt den Verkauf von Gesichtserkennung bis 30. Juni aus.", "2024-06-30"),
    ],
)
def test_the_end_of_a_pause_is_read(language: str, body: str, expires: str) -> None:
    [found] = detect(None, Text(body, published_on=THURSDAY, language=language), [CORVIA])
    assert (found.status, str(found.expires_on)) == ("paused", expires)


@pytest.mark.parametrize(
    ("language", "body", "report"),
    [
        (
            "es",
            "Corvia suspende la venta de reconocimiento facial",
            " y publicará un informe antes del 30 de junio.",
        ),
        (
            "fr",
            "Corvia suspend la vente de reconnaissance faciale",
            " et publiera un rapport avant le 30 juin.",
        ),
        (
            "de",
            "Corvia setzt den Verkauf von Gesichtserkennung aus",
            " und legt spätestens am 30. Juni einen Bericht vor.",
        ),
    ],
)
def test_the_day_of_something_else_does_not_end_a_pause(
    language: str, body: str, report: str
) -> None:
    [found] = detect(None, Text(body + report, published_on=THURSDAY, language=language), [CORVIA])
    assert (found.status, found.expires_on) == ("paused", None)


def test_the_company_named_in_the_sentence_before_is_whom_a_noun_stands_for() -> None:
    body = (
        "La campaña contra Corvia duró dos años. La empresa dejará de vender sus sistemas de "
        "reconocimiento facial a la policía."
    )
    assert told("es", body, CORVIA) == ["met"]


def test_a_demand_in_the_language_of_the_text_is_touched_by_its_own_words() -> None:
    target = replace(CORVIA, demand="Dejar de vender mariscos", topics=(), products=())
    assert told("es", "Corvia dejará de vender mariscos en todas sus tiendas.", target) == ["met"]
    assert told("es", "Corvia dejará de vender bicicletas.", target) == []


def test_each_target_of_a_text_has_its_own_finding() -> None:
    joins = "Halden Foods firmó el Fair Harvest Code para los trabajadores del campo."
    stops = "Corvia dejará de vender reconocimiento facial a la policía."
    found = told("es", f"{stops} {joins}", CORVIA, HALDEN)
    assert sorted(found) == ["committed", "met"] or sorted(found) == ["met", "met"]


def test_reasons_name_who_acts_what_it_means_and_what_it_shares_with_the_demand() -> None:
    text = Text("Corvia cessera de vendre la reconnaissance faciale.", language="fr")
    [found] = detect(None, text, [CORVIA])
    assert found.reasons == (
        "subject is Corvia",
        "'cessera' → met",
        "it is told as decided",
        "shares with the demand: reconnaissance, faciale",
        "differs from the recorded called_on",
    )
    assert text.body[found.start : found.end] == found.sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("es", "Corvia dejará de vender fusiles de asalto, dijo el lunes la empresa."),
        ("fr", "Corvia cessera de vendre des fusils d'assaut, a dit la direction."),
        ("de", "Corvia stellt den Verkauf von Sturmgewehren ein, hieß es am Montag."),
    ],
)
def test_a_german_compound_and_its_like_are_what_an_english_demand_names(
    language: str, sentence: str
) -> None:
    target = replace(CORVIA, demand="Stop selling assault rifles", topics=(), products=())
    assert told(language, sentence, target) == ["met"]

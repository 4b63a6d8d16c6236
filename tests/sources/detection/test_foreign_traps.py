"""Spanish, French and German sentences that look like news and are none; other languages."""

from pathlib import Path

import pytest

from sources.detection import Text, detect
from sources.detection.foreign.languages import recognise
from tests.sources.detection.examples import CORVIA
from tests.sources.detection.test_foreign_statements import told

NEAR_MISSES = [
    line.split("\t")
    for line in Path(__file__).with_name("near_misses.tsv").read_text("utf-8").splitlines()
]
"""Language, sentence."""

# Each says that Corvia stops selling face recognition to the police.
OTHERS = {
    "pt": "A Corvia anunciou que vai deixar de vender reconhecimento facial à polícia. "
    "A empresa não vende mais reconhecimento facial à polícia e retira o sistema do mercado.",
    "it": "Corvia ha annunciato che smetterà di vendere il riconoscimento facciale alla polizia. "
    "L'azienda sospende la vendita del riconoscimento facciale alla polizia per un anno.",
    "nl": "Corvia stopt met de verkoop van gezichtsherkenning aan de politie. "
    "Het bedrijf heeft de verkoop van gezichtsherkenning aan de politie beëindigd.",
}
READ = {
    "en": "Corvia has stopped selling face recognition to the police, the company said on Monday.",
    "es": "Corvia dejará de vender reconocimiento facial a la policía, dijo el lunes la empresa.",
    "fr": "Corvia cessera de vendre la reconnaissance faciale à la police, a dit la direction.",
    "de": "Corvia stellt den Verkauf von Gesichtserkennung an die Polizei ein, hieß es am Montag.",
}


@pytest.mark.parametrize(("language", "sentence"), NEAR_MISSES)
def test_a_near_miss_gives_nothing(language: str, sentence: str) -> None:
    assert told(language, sentence, CORVIA) == []


@pytest.mark.parametrize("said", ["", "en", "es", "fr", "de", "es-AR"])
@pytest.mark.parametrize("language", OTHERS)
def test_another_language_gives_nothing_whatever_the_page_says(language: str, said: str) -> None:
    assert told(said, OTHERS[language], CORVIA) == []
    assert told(language, OTHERS[language], CORVIA) == []


@pytest.mark.parametrize("language", [*READ, *OTHERS])
def test_a_language_is_recognised_by_its_commonest_words(language: str) -> None:
    assert recognise((READ | OTHERS)[language]) == language


def test_a_text_too_short_to_tell_its_language_by_is_left_undecided() -> None:
    assert recognise("Corvia, FaceLink, 2024.") == ""


@pytest.mark.parametrize("said", ["", "en", "de", "fr"])
def test_a_text_is_read_in_the_language_that_it_is_written_in(said: str) -> None:
    assert told(said, READ["es"], CORVIA) == ["met"]


def test_a_declared_language_that_is_not_read_is_believed() -> None:
    assert told("pl", READ["es"], CORVIA) == []


@pytest.mark.parametrize("language", ["es", "fr", "de"])
@pytest.mark.parametrize(
    "body", ["ne que " * 60_000, "stellt ein " * 400 + ".", "Corvia, " * 50_000]
)
def test_hostile_text_gives_nothing(language: str, body: str) -> None:
    assert detect(None, Text(body, language=language), [CORVIA]) == []

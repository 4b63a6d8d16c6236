"""Spanish, French and German sentences that look like news and are none; other languages."""

import pytest

from tests.sources.detection.examples import CORVIA
from tests.sources.detection.test_foreign_statements import told

WORDS = {
    "es": [
        # Others ask, act or forecast
        "Activistas pidieron a Corvia que deje de vender reconocimiento facial a la policía.",
        "Corvia debería dejar de vender reconocimiento facial a la policía, dijo Amnistía.",
        "Orbix ha dejado de vender reconocimiento facial a la policía, al contrario que Corvia.",
        "Corvia celebró que Orbix deje de vender reconocimiento facial a la policía.",
        "Los empleados de Corvia suspendieron su protesta por el reconocimiento facial de la policía.",
        # Negated, possible, conditional
        "Corvia no ha dejado de vender reconocimiento facial a la policía.",
        "Corvia no tiene previsto dejar de vender reconocimiento facial a la policía.",
        "Corvia podría dejar de vender reconocimiento facial a la policía.",
        "Si Corvia deja de vender reconocimiento facial a la policía, otras la seguirán.",
        "Corvia dejaría de vender reconocimiento facial a la policía si hubiera una ley.",
        "Corvia desmintió que vaya a dejar de vender reconocimiento facial a la policía.",
        "Corvia habría dejado de vender reconocimiento facial a la policía, según fuentes del sector.",
        "¿Ha dejado Corvia de vender reconocimiento facial a la policía?",
        # Background, restated, not final
        "En 2019, Corvia suspendió la venta de reconocimiento facial a la policía.",
        "Corvia había suspendido la venta de reconocimiento facial a la policía.",
        "Corvia reiteró que no dejará de vender reconocimiento facial a la policía.",
        "Un proyecto de ley prohíbe a Corvia vender reconocimiento facial a la policía.",
        # Something else, and no sentences
        "Corvia ha cerrado su comedor de empleados en Sevilla.",
        "Corvia deja de vender reconocimiento facial a la policía",
    ],
    "fr": [
        "Des militants ont demandé à Corvia de cesser de vendre la reconnaissance faciale à la police.",
        "Corvia devrait cesser de vendre la reconnaissance faciale à la police, selon Amnesty.",
        "Orbix a cessé de vendre la reconnaissance faciale à la police, contrairement à Corvia.",
        "Corvia se félicite qu'Orbix cesse de vendre la reconnaissance faciale à la police.",
        "Les salariés de Corvia ont suspendu leur grève contre la reconnaissance faciale de la police.",
        "Corvia n'a pas cessé de vendre la reconnaissance faciale à la police.",
        "Corvia ne prévoit pas de cesser de vendre la reconnaissance faciale à la police.",
        "Corvia pourrait cesser de vendre la reconnaissance faciale à la police.",
        "Si Corvia cesse de vendre la reconnaissance faciale à la police, d'autres suivront.",
        "Corvia cesserait de vendre la reconnaissance faciale à la police si la loi changeait.",
        "Corvia dément avoir cessé de vendre la reconnaissance faciale à la police.",
        "Corvia aurait cessé de vendre la reconnaissance faciale à la police, selon des sources proches.",
        "Corvia a-t-elle cessé de vendre la reconnaissance faciale à la police ?",
        "En 2019, Corvia a suspendu la vente de reconnaissance faciale à la police.",
        "Corvia avait suspendu la vente de reconnaissance faciale à la police.",
        "Corvia a réaffirmé qu'elle ne cessera pas de vendre la reconnaissance faciale à la police.",
        "Une proposition de loi interdit à Corvia de vendre la reconnaissance faciale à la police.",
        "Corvia a fermé sa cantine de Lyon.",
        "Corvia cesse de vendre la reconnaissance faciale à la police",
    ],
    "de": [
        "Aktivisten forderten Corvia auf, den Verkauf von Gesichtserkennung an die Polizei zu beenden.",
        "Corvia sollte den Verkauf von Gesichtserkennung an die Polizei beenden, sagte Amnesty.",
        "Anders als Corvia hat ORBIX den Verkauf von Gesichtserkennung an die Polizei eingestellt.",
        "Die Beschäftigten von Corvia setzten ihren Streik gegen Gesichtserkennung für die Polizei aus.",
        "Corvia hat den Verkauf von Gesichtserkennung an die Polizei nicht eingestellt.",
        "Corvia hat keine Pläne, den Verkauf von Gesichtserkennung an die Polizei einzustellen.",
        "Corvia könnte den Verkauf von Gesichtserkennung an die Polizei einstellen.",
        "Wenn Corvia den Verkauf von Gesichtserkennung an die Polizei einstellt, folgen andere.",
        "Corvia würde den Verkauf von Gesichtserkennung an die Polizei beenden, gäbe es ein Gesetz.",
        "Corvia dementierte, den Verkauf von Gesichtserkennung an die Polizei zu beenden.",
        "Corvia hat Insidern zufolge den Verkauf von Gesichtserkennung an die Polizei eingestellt.",
        "Hat Corvia den Verkauf von Gesichtserkennung an die Polizei eingestellt?",
        "2019 setzte Corvia den Verkauf von Gesichtserkennung an die Polizei aus.",
        "Corvia hatte den Verkauf von Gesichtserkennung an die Polizei ausgesetzt.",
        "Corvia bekräftigte, den Verkauf von Gesichtserkennung an die Polizei nicht einzustellen.",
        "Ein Gesetzentwurf verbietet Corvia den Verkauf von Gesichtserkennung an die Polizei.",
        "Corvia kündigte eine Konferenz über Gesichtserkennung für die Polizei an.",
        "Corvia hat seine Kantine in Köln geschlossen.",
        "Corvia stellt den Verkauf von Gesichtserkennung an die Polizei ein",
    ],
}  # fmt: skip
NEAR_MISSES = [(language, sentence) for language, rows in WORDS.items() for sentence in rows]

# Each says that Corvia stops selling face recognition to the police.
OTHERS = {
    "pt": "A Corvia anunciou que vai deixar de vender reconhecimento facial à polícia. "
    "A empresa não vende mais reconhecimento facial à polícia e retira o sistema do mercado.",
    "it": "Corvia ha annunciato che smetterà di vendere il riconoscimento facciale alla polizia. "
    "L'azienda sospende la vendita del riconoscimento facciale alla polizia per un anno.",
    "nl": "Corvia stopt met de verkoop van gezichtsherkenning aan de politie. "
    "Het bedrijf heeft de verkoop van gezichtsherkenning aan de politie beëindigd.",
}


@pytest.mark.parametrize(("language", "sentence"), NEAR_MISSES)
def test_a_near_miss_gives_nothing(language: str, sentence: str) -> None:
    assert told(language, sentence, CORVIA) == []


@pytest.mark.parametrize("said", ["", "en", "es", "fr", "de", "es-AR"])
@pytest.mark.parametrize("language", OTHERS)
def test_another_language_gives_nothing_whatever_the_page_says(language: str, said: str) -> None:
    assert told(said, OTHERS[language], CORVIA) == []
    assert told(language, OTHERS[language], CORVIA) == []

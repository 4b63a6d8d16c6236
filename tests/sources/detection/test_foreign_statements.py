"""Spanish, French and German sentences that state a change plainly."""

import datetime as dt
from dataclasses import replace

import pytest

from sources.detection import Text, detect
from tests.sources.detection.examples import CORVIA, HALDEN, LUMEN, THURSDAY

WORDS = {
    "es": [
        # Stops, pauses, parts
        ("called_on", "met", "Corvia dejará de vender reconocimiento facial a la policía."),
        ("called_on", "met", "Corvia ha cancelado la venta de reconocimiento facial a la policía."),
        ("called_on", "met", "Corvia retira del mercado su sistema de reconocimiento facial."),
        ("called_on", "met", "Corvia anunció el jueves que ya no vende reconocimiento facial a la policía."),
        ("called_on", "met", "Corvia puso fin a la venta de reconocimiento facial a la policía."),
        ("called_on", "met", "Corvia renuncia a vender reconocimiento facial a los cuerpos de policía."),
        ("called_on", "met", "Corvia confirmó que no volverá a vender reconocimiento facial a la policía."),
        ("called_on", "met", "La venta de reconocimiento facial a la policía fue cancelada por Corvia."),
        ("called_on", "paused", "Corvia suspende la venta de reconocimiento facial a la policía."),
        ("called_on", "paused", "Corvia detendrá durante un año la venta de reconocimiento facial a la policía."),
        ("called_on", "paused", "Corvia ha paralizado temporalmente la venta de reconocimiento facial a la policía."),
        ("called_on", "partial", "Corvia dejará de vender reconocimiento facial a algunos cuerpos de policía."),
        ("called_on", "committed", "Corvia dejará de vender reconocimiento facial a la policía antes de 2030."),
        ("called_on", "committed", "Corvia se compromete a dejar de vender reconocimiento facial a la policía."),
        # Refusals and reviews
        ("called_on", "refused", "Corvia se niega a dejar de vender reconocimiento facial a la policía."),
        ("called_on", "refused", "Corvia rechazó dejar de vender reconocimiento facial a la policía."),
        ("called_on", "refused", "Corvia no dejará de vender reconocimiento facial a la policía, dijo su presidente."),
        ("called_on", "refused", "Corvia seguirá vendiendo reconocimiento facial a la policía, anunció su presidenta."),
        ("called_on", "refused", "Los accionistas de Corvia rechazaron la propuesta de dejar de vender reconocimiento facial a la policía."),
        ("called_on", "under_review", "Corvia está revisando la venta de reconocimiento facial a la policía."),
        ("called_on", "under_review", "Corvia estudiará si deja de vender reconocimiento facial a la policía."),
        # Courts and laws
        ("called_on", "mandated", "Un tribunal prohibió a Corvia vender reconocimiento facial a la policía."),
        ("called_on", "mandated", "El Tribunal Supremo ordenó a Corvia retirar su reconocimiento facial de la policía."),
        ("called_on", "mandated", "La autoridad de protección de datos prohíbe a Corvia usar el reconocimiento facial con la policía."),
        ("called_on", "mandated", "El juez anuló el contrato de reconocimiento facial de Corvia con la policía."),
        ("called_on", "mandated", "La agencia obliga a Corvia a borrar los rostros de su reconocimiento facial."),
        ("called_on", "in_court", "Una asociación de vecinos demandó a Corvia por su reconocimiento facial para la policía."),
        ("called_on", "in_court", "Dos ONG presentaron una denuncia contra Corvia por vender reconocimiento facial a la policía."),
        ("in_court", "settled", "Corvia llegó a un acuerdo con los demandantes sobre su reconocimiento facial para la policía."),
        # First demands
        (None, "called_on", "Amnistía pide a Corvia que deje de vender reconocimiento facial a la policía."),
        (None, "called_on", "Varias organizaciones exigieron a Corvia que no venda reconocimiento facial a la policía."),
        (None, "called_on", "Una petición reclama a Corvia poner fin a la venta de reconocimiento facial a la policía."),
        # From a win back, missed, prolonged
        ("paused", "reversed", "Corvia vuelve a vender reconocimiento facial a la policía."),
        ("paused", "reversed", "Corvia reanudó la venta de reconocimiento facial a la policía."),
        ("paused", "reversed", "Corvia levanta su moratoria sobre el reconocimiento facial para la policía."),
        ("committed", "reversed", "Corvia abandona su compromiso de no vender reconocimiento facial a la policía."),
        ("committed", "reversed", "Corvia da marcha atrás y venderá reconocimiento facial a la policía."),
        ("committed", "expired", "Corvia incumplió su compromiso de dejar de vender reconocimiento facial a la policía en 2023."),
        ("committed", "expired", "Corvia no cumplió su objetivo de retirar el reconocimiento facial de la policía."),
        ("paused", "extension", "Corvia prorroga un año la suspensión de la venta de reconocimiento facial a la policía."),
        ("paused", "extension", "Corvia amplía hasta 2026 la moratoria sobre el reconocimiento facial para la policía."),
    ],
    "fr": [
        ("called_on", "met", "Corvia cessera de vendre la reconnaissance faciale à la police."),
        ("called_on", "met", "Corvia a mis fin à la vente de reconnaissance faciale à la police."),
        ("called_on", "met", "Corvia ne vend plus de reconnaissance faciale à la police, a confirmé son directeur."),
        ("called_on", "met", "Corvia renonce à la reconnaissance faciale pour la police."),
        ("called_on", "met", "Corvia retire son logiciel de reconnaissance faciale de tous les commissariats de police."),
        ("called_on", "met", "Corvia arrête la vente de reconnaissance faciale à la police, annonce le groupe."),
        ("called_on", "met", "La vente de reconnaissance faciale à la police a été arrêtée par Corvia."),
        ("called_on", "paused", "Corvia suspend la vente de reconnaissance faciale à la police."),
        ("called_on", "paused", "Corvia arrête pendant un an la vente de reconnaissance faciale à la police."),
        ("called_on", "paused", "Corvia gèle ses ventes de reconnaissance faciale à la police."),
        ("called_on", "partial", "Corvia cessera de vendre la reconnaissance faciale à certaines polices."),
        ("called_on", "committed", "Corvia cessera de vendre la reconnaissance faciale à la police d'ici 2030."),
        ("called_on", "committed", "Corvia s'engage à ne plus vendre de reconnaissance faciale à la police."),
        ("called_on", "refused", "Corvia refuse d'arrêter la vente de reconnaissance faciale à la police."),
        ("called_on", "refused", "Corvia a rejeté la demande d'arrêter la vente de reconnaissance faciale à la police."),
        ("called_on", "refused", "Corvia continuera à vendre la reconnaissance faciale à la police, a déclaré son PDG."),
        ("called_on", "refused", "Les actionnaires de Corvia ont rejeté la proposition d'arrêter la reconnaissance faciale pour la police."),
        ("called_on", "under_review", "Corvia réexamine la vente de reconnaissance faciale à la police."),
        ("called_on", "under_review", "Corvia a lancé un examen de ses ventes de reconnaissance faciale à la police."),
        ("called_on", "mandated", "Un tribunal interdit à Corvia de vendre la reconnaissance faciale à la police."),
        ("called_on", "mandated", "La Cnil a ordonné à Corvia de retirer la reconnaissance faciale vendue à la police."),
        ("called_on", "mandated", "La cour d'appel a annulé le contrat de reconnaissance faciale entre Corvia et la police."),
        ("called_on", "mandated", "La justice contraint Corvia à retirer sa reconnaissance faciale de la police."),
        ("called_on", "in_court", "Une association a porté plainte contre Corvia pour sa reconnaissance faciale vendue à la police."),
        ("called_on", "in_court", "Deux ONG attaquent Corvia en justice pour sa reconnaissance faciale vendue à la police."),
        ("in_court", "settled", "Corvia a conclu un accord avec les plaignants sur sa reconnaissance faciale."),
        (None, "called_on", "Amnesty demande à Corvia de cesser de vendre la reconnaissance faciale à la police."),
        (None, "called_on", "Plusieurs associations appellent Corvia à ne plus vendre de reconnaissance faciale à la police."),
        (None, "called_on", "Une pétition exige que Corvia arrête la vente de reconnaissance faciale à la police."),
        ("paused", "reversed", "Corvia reprend la vente de reconnaissance faciale à la police."),
        ("paused", "reversed", "Corvia vend de nouveau la reconnaissance faciale à la police."),
        ("paused", "reversed", "Corvia lève son moratoire sur la reconnaissance faciale pour la police."),
        ("committed", "reversed", "Corvia abandonne son engagement de ne plus vendre la reconnaissance faciale à la police."),
        ("committed", "reversed", "Corvia revient sur sa promesse de ne plus vendre la reconnaissance faciale à la police."),
        ("committed", "expired", "Corvia n'a pas tenu son engagement de cesser la reconnaissance faciale pour la police en 2023."),
        ("committed", "expired", "Corvia a manqué son objectif de retirer la reconnaissance faciale de la police."),
        ("paused", "extension", "Corvia prolonge d'un an la suspension de la reconnaissance faciale pour la police."),
        ("paused", "extension", "Corvia a prolongé jusqu'en 2026 son moratoire sur la reconnaissance faciale pour la police."),
    ],
    "de": [
        ("called_on", "met", "Corvia stellt den Verkauf von Gesichtserkennung an die Polizei ein."),
        ("called_on", "met", "Corvia hat den Verkauf von Gesichtserkennung an die Polizei eingestellt."),
        ("called_on", "met", "Corvia wird keine Gesichtserkennung mehr an die Polizei verkaufen."),
        ("called_on", "met", "Corvia verzichtet auf den Verkauf von Gesichtserkennung an die Polizei."),
        ("called_on", "met", "Corvia zieht sich aus dem Geschäft mit Gesichtserkennung für die Polizei zurück."),
        ("called_on", "met", "Wie Corvia am Donnerstag mitteilte, beendet der Konzern den Verkauf von Gesichtserkennung an die Polizei."),
        ("called_on", "met", "Am Donnerstag beendete Corvia den Verkauf von Gesichtserkennung an die Polizei."),
        ("called_on", "met", "Der Verkauf von Gesichtserkennung an die Polizei wurde von Corvia gestoppt."),
        ("called_on", "paused", "Corvia setzt den Verkauf von Gesichtserkennung an die Polizei für ein Jahr aus."),
        ("called_on", "paused", "Corvia hat den Verkauf von Gesichtserkennung an die Polizei vorerst gestoppt."),
        ("called_on", "paused", "Corvia legt den Verkauf von Gesichtserkennung an die Polizei auf Eis."),
        ("called_on", "partial", "Corvia beendet den Verkauf von Gesichtserkennung an einige Polizeibehörden."),
        ("called_on", "committed", "Corvia will den Verkauf von Gesichtserkennung an die Polizei beenden."),
        ("called_on", "committed", "Corvia wird den Verkauf von Gesichtserkennung an die Polizei bis 2030 beenden."),
        ("called_on", "refused", "Corvia lehnt es ab, den Verkauf von Gesichtserkennung an die Polizei zu beenden."),
        ("called_on", "refused", "Corvia weigert sich, den Verkauf von Gesichtserkennung an die Polizei einzustellen."),
        ("called_on", "refused", "Corvia hält am Verkauf von Gesichtserkennung an die Polizei fest."),
        ("called_on", "refused", "Corvia wird weiter Gesichtserkennung an die Polizei verkaufen, sagte eine Sprecherin."),
        ("called_on", "refused", "Die Aktionäre von Corvia lehnten den Antrag gegen Gesichtserkennung für die Polizei ab."),
        ("called_on", "under_review", "Corvia prüft den Verkauf von Gesichtserkennung an die Polizei."),
        ("called_on", "under_review", "Corvia überprüft derzeit sein Geschäft mit Gesichtserkennung für die Polizei."),
        ("called_on", "mandated", "Das Landgericht hat Corvia den Verkauf von Gesichtserkennung an die Polizei verboten."),
        ("called_on", "mandated", "Das Gericht untersagte Corvia den Verkauf von Gesichtserkennung an die Polizei."),
        ("called_on", "mandated", "Die Datenschutzbehörde ordnete an, dass Corvia die Gesichtserkennung für die Polizei abschaltet."),
        ("called_on", "in_court", "Ein Verein hat Klage gegen Corvia wegen der Gesichtserkennung für die Polizei eingereicht."),
        ("called_on", "in_court", "Zwei Verbände verklagen Corvia wegen der Gesichtserkennung für die Polizei."),
        ("called_on", "in_court", "Die Organisation noyb reichte Beschwerde gegen Corvia wegen der Gesichtserkennung für die Polizei ein."),
        ("in_court", "settled", "Corvia hat sich mit den Klägern über die Gesichtserkennung geeinigt."),
        (None, "called_on", "Amnesty fordert Corvia auf, keine Gesichtserkennung mehr an die Polizei zu verkaufen."),
        (None, "called_on", "Mehrere Verbände verlangen von Corvia, den Verkauf von Gesichtserkennung an die Polizei zu beenden."),
        (None, "called_on", "Eine Petition fordert von Corvia das Ende der Gesichtserkennung für die Polizei."),
        ("paused", "reversed", "Corvia nimmt den Verkauf von Gesichtserkennung an die Polizei wieder auf."),
        ("paused", "reversed", "Corvia verkauft wieder Gesichtserkennung an die Polizei."),
        ("paused", "reversed", "Corvia hebt sein Moratorium für Gesichtserkennung bei der Polizei auf."),
        ("committed", "reversed", "Corvia rückt von seiner Zusage ab, keine Gesichtserkennung mehr an die Polizei zu verkaufen."),
        ("committed", "expired", "Corvia hat sein Ziel verfehlt, die Gesichtserkennung für die Polizei bis 2023 einzustellen."),
        ("committed", "expired", "Corvia hat seine Zusage, die Gesichtserkennung für die Polizei einzustellen, nicht eingehalten."),
        ("paused", "extension", "Corvia verlängert die Pause beim Verkauf von Gesichtserkennung an die Polizei um ein Jahr."),
        ("paused", "extension", "Corvia hat das Moratorium für Gesichtserkennung bei der Polizei bis 2026 verlängert."),
    ],
}  # fmt: skip
STATEMENTS = [(language, *row) for language, rows in WORDS.items() for row in rows]


def told(language: str, body: str, *targets: object, title: str = "") -> list[str]:
    text = Text(body, title, published_on=THURSDAY, language=language)
    return [
        "extension" if one.extends else one.status
        for one in detect(None, text, targets)  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize(("language", "recorded", "status", "sentence"), STATEMENTS)
def test_a_plain_statement_is_read(
    language: str, recorded: str | None, status: str, sentence: str
) -> None:
    assert told(language, sentence, replace(CORVIA, status=recorded)) == [status]

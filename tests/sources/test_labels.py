"""Which lines say nothing lasting, and which only look like it."""

import pytest

from sources.comparison import compare
from sources.labels import folded, is_label


@pytest.mark.parametrize(
    "line",
    [
        "Last updated: 3 May 2024",
        "Actualizado el 3 de mayo de 2024",
        "Mis à jour le 3 février 2024",
        "Publié le 1er mars 2024",
        "Aktualisiert am 3. März 2024",
        "Stand: 3. Dezember 2024, 10:30 Uhr",
        "Tuesday, May 3",
        "5 mins ago",
        "hace 3 horas",
        "il y a 2 jours",
        "vor einer Stunde",
        "1,204 views · 37 shares · 5 min read",
        "12,345 signatures",
        "12,345 of 15,000 signatures",
        "1,204 shares",
        "Visits: 231",
        "By Staff Writer | 8 June 2021 | 5 min read",
        "By Jane Doe and John O'Neill, June 8, 2021 10:30 a.m. EDT",
        "By the Editorial Board | 8 June 2021",
        "12,345 have signed. Let's get to 15,000!",
        "Signatures: 12,345",
        "© 2024",
        "Good morning, Ms O'Neill!",
        "Buenos días",
        "Guten Abend",
        "This page has been viewed 1,204 times.",
        "1,204 people are reading this right now",
        "Page generated in 0.031 seconds",
        "Reading time: 5 minutes",
        "Seattle 18°C, partly cloudy",
        "H: 21° L: 12°",
    ],
)
def test_a_line_that_dates_counts_greets_or_forecasts_is_a_label(line: str) -> None:
    assert is_label(folded(line))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("In force until June 2022", "In force until June 2023"),
        ("Effective 1 January 2024", "Effective 1 January 2025"),
        ("Deadline: 3 May 2024", "Deadline: 4 May 2024"),
        ("The petition has 50,000 signatures.", "The petition has 60,000 signatures."),
        ("More than 50,000 people have signed it.", "More than 60,000 people have signed it."),
        ("Passed by 231 votes to 190", "Passed by 232 votes to 190"),
        ("Amazon stopped two years ago.", "Amazon stopped three years ago."),
        ("The committee got 12 comments.", "The committee got 13 comments."),
        ("Iowa | 1,204 signatures", "Iowa | 1,304 signatures"),
        ("Acme | cage-free | 3 May 2025", "Acme | cage-free | 3 May 2026"),
        ("Rekognition | ✓", "Rekognition | ✗"),
        ("Emissions | -5%", "Emissions | 5%"),
        ("Emissions | ≤ 5%", "Emissions | ≥ 5%"),
        ("Keep warming below 2°C", "Keep warming below 3°C"),
        ("EPA | 12.5 | 3%", "EPA | 12.5 | 4%"),
        ("Shares fell 3.5%", "Shares fell 4.5%"),
        ("Good morning America drops Acme", "Good morning America keeps Acme"),
        ("Thorn", "Interpol"),
        ("Marching orders", "Marching on"),
        ("1.5 degrees", "15 degrees"),
        (
            "By December 2025, 100% of eggs are cage-free",
            "By December 2030, 100% of eggs are cage-free",
        ),
        ("By 1 January 2026: we end sales", "By 1 January 2026: we continue sales"),
        ("By the end of 31 December 2025", "By the end of 31 December 2030"),
        ("By then sales have ended, on 1 May 2025", "By then sales have ended, on 1 May 2026"),
        ("Since January 2025", "Since June 2026"),
        ("Policy issued 1 May 2025", "Policy issued 9 June 2026"),
        ("Buyback of 2m shares", "Buyback of 9m shares"),
    ],
)
def test_what_only_looks_like_a_label_is_a_change(before: str, after: str) -> None:
    difference = compare(f"Policy\n\n{before}\n\nBye.", f"Policy\n\n{after}\n\nBye.")
    assert difference.new == (after,)
    assert difference.gone == (before,)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("New shop opens 3 hours ago", "New shop opens 4 hours ago"),
        ("Jane Doe, just now", "Jane Doe, 5m ago"),
        ("Ten charts 1,204 views", "Ten charts 1,304 views"),
        ("© 2024 Acme. All rights reserved.", "© 2025 Acme. All rights reserved."),
        ("AMZN 185.32 +1.20 (+0.65%)", "AMZN 1,085.30 -0.2%"),
        ("AMZN 185.32 +0.65% | MSFT 40.10 -1.2%", "AMZN 5.32 +1.0% | MSFT 41.10 -1.0%"),
        ("Nachricht vor 3 Stunden", "Nachricht vor 4 Stunden"),
    ],
)
def test_counters_and_relative_times_beside_other_words_are_no_change(
    before: str, after: str
) -> None:
    assert not compare(before, after).is_meaningful


def test_a_dated_pledge_that_is_added_is_a_change() -> None:
    pledge = "By 31 December 2020 we will stop selling Rekognition to police"
    assert compare("Our policy", f"Our policy\n\n{pledge}").new == (pledge,)

"""The index holds what the tables hold, whatever was done to them."""

from __future__ import annotations

import sqlite3
import unicodedata
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet

from campaigns.models import Action, Document, Target
from campaigns.search import parse_search, search_records
from campaigns.search.alphabet import FTS5_TOKENIZER, fold, is_word_character
from campaigns.search.installing import install_search
from campaigns.search.texts import LONGEST_TEXT, TABLES
from campaigns.services import publish_campaign
from campaigns.visibility import public_documents
from companies.models import Alias, Company, Product
from tests.factories import (
    NOW,
    make_action,
    make_campaign,
    make_company,
    make_document,
    make_product,
    make_target,
)


def found(queryset: QuerySet[Any], text: str) -> set[int]:
    search = parse_search(text)
    return {record.pk for record in search_records(queryset, search.shape, search.values)}


@pytest.mark.django_db
def test_what_was_edited_away_or_deleted_is_not_found() -> None:
    action = make_action(title="Zebra", description="Lion")
    action.title = "Giraffe"
    action.save()

    assert found(Action.objects.all(), "zebra") == set()
    assert found(Action.objects.all(), "giraffe lion") == {action.pk}
    action.delete()
    kept = make_action(title="Another")
    assert found(Action.objects.all(), "giraffe") == set()
    assert found(Action.objects.all(), "another") == {kept.pk}


@pytest.mark.django_db
def test_what_is_written_in_bulk_or_by_update_is_found() -> None:
    company = make_company("Ring")
    Alias.objects.bulk_create([Alias(company=company, name="Neighbors", name_key="neighbors")])
    Company.objects.filter(pk=company.pk).update(description="Doorbells")

    assert found(Company.objects.all(), "neighbors doorbells") == {company.pk}


@pytest.mark.django_db
def test_what_only_a_draft_says_finds_nothing_public() -> None:
    """A product and a quote that public records would have, were the draft published."""
    company = make_company("Amazon")
    make_target(make_campaign(), company)
    draft = make_campaign(is_public=False)
    make_target(draft, company, product=make_product(company, "Rekognition"))
    document = make_document(title="Report")
    make_action().citations.create(document=document, quote="Plain words")
    make_action(draft).citations.create(document=document, quote="Secret words")

    assert found(Company.objects.all(), "rekognition") == set()
    assert found(public_documents(), "secret") == set()
    assert found(public_documents(), "report -secret") == {document.pk}
    assert found(public_documents(), "plain words") == {document.pk}
    publish_campaign(campaign=draft, now=NOW)
    assert found(Company.objects.all(), "rekognition") == {company.pk}
    assert found(public_documents(), "secret") == {document.pk}


@pytest.mark.django_db
def test_a_phrase_stays_within_one_text() -> None:
    action = make_action(title="Stop the sales", description="Police contracts end")
    Product.objects.create(company=make_company("Amazon"), name="Echo", name_key="echo")

    assert found(Action.objects.all(), '"sales police"') == set()
    assert found(Action.objects.all(), '"the sales" "police contracts"') == {action.pk}


@pytest.mark.django_db
def test_a_text_counts_as_far_as_the_index_reaches() -> None:
    text = "a " * (LONGEST_TEXT // 2 - 5) + "zebra " + "lion " * 300_000
    action = make_action(description=text)

    assert found(Action.objects.all(), "zebra") == {action.pk}
    action.description = "lion " * (LONGEST_TEXT // 5) + "giraffe"
    action.save()
    assert found(Action.objects.all(), "giraffe") == set()


@pytest.mark.django_db(transaction=True)
def test_a_flush_leaves_no_ghosts() -> None:
    old = make_target(demand="Zebra")
    call_command("flush", interactive=False, verbosity=0)
    new = make_target(demand="Lion", pk=old.pk)

    assert found(Target.objects.all(), "zebra") == set()
    assert found(Target.objects.all(), "lion") == {new.pk}


@pytest.mark.django_db
def test_installing_again_changes_nothing() -> None:
    action = make_action(title="Zebra")
    before = _catalogue()
    install_search()

    assert _catalogue() == before
    assert found(Action.objects.all(), "zebra") == {action.pk}


@pytest.mark.django_db
def test_an_index_that_lost_a_part_is_made_anew() -> None:
    """As after a migration that rebuilt the table, and wrote rows while the triggers were gone."""
    document = make_document(title="Zebra")
    before = _catalogue()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER campaigns_document_search_update")
        else:
            cursor.execute("ALTER TABLE campaigns_document DROP COLUMN search")
    Document.objects.update(title="Giraffe")
    install_search()

    assert _catalogue() == before
    assert found(Document.objects.all(), "zebra") == set()
    assert found(Document.objects.all(), "giraffe") == {document.pk}


@pytest.mark.django_db
def test_the_models_know_nothing_of_the_index() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_sqlite_has_the_same_words_as_the_rule() -> None:
    """For every character of scripts in use since long; later ones may differ."""
    characters = [
        char
        for code in (
            *range(1, 0x370),
            *range(0x390, 0x500),
            *range(0x2000, 0x2C00),
            *range(0x1F000, 0x1FB00),
        )
        if unicodedata.category(char := chr(code)) != "Cn"
    ]
    with sqlite3.connect(":memory:") as probe:
        probe.execute(f"CREATE VIRTUAL TABLE t USING fts5(x, tokenize='{FTS5_TOKENIZER}')")
        probe.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
        probe.executemany("INSERT INTO t VALUES (?)", [(f"q{char}q",) for char in characters])
        tokens: dict[int, list[str]] = {}
        for term, row in probe.execute("SELECT term, doc FROM v"):
            tokens.setdefault(row, []).append(term)
    probe.close()

    for row, char in enumerate(characters, start=1):
        expected = [fold(f"q{char}q")] if is_word_character(char) else ["q", "q"]
        assert tokens[row] == expected, hex(ord(char))


@pytest.mark.django_db
@pytest.mark.postgresql
def test_postgresql_has_the_same_words_as_the_rule() -> None:
    characters = [
        char
        for code in (*range(1, 0x3400), *range(0xA000, 0xA800), *range(0xFB00, 0x11000))
        if unicodedata.category(char := chr(code)) not in ("Cn", "Cs")
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT btrim(followthrough_words('q' || c || 'q')) FROM unnest(%s::text[]) c",
            [characters],
        )
        words = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT c FROM unnest(%s::text[]) c WHERE"
            " length(to_tsvector('followthrough', followthrough_words('q' || c || 'z'))) <> 1",
            [[char for char in characters if is_word_character(char)]],
        )
        split_by_parser = [row[0] for row in cursor.fetchall()]

    for char, found_words in zip(characters, words, strict=True):
        assert found_words == (fold(f"q{char}q") if is_word_character(char) else "q q"), char
    assert split_by_parser == []


def _catalogue() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE name LIKE '%_search%' ORDER BY 1"
            )
        else:
            cursor.execute(
                "SELECT attrelid::regclass::text, col_description(attrelid, attnum)"
                " FROM pg_attribute WHERE attname = 'search' AND NOT attisdropped"
                " AND attrelid::regclass::text = ANY(%s) ORDER BY 1",
                [list(TABLES)],
            )
        return list(cursor.fetchall())

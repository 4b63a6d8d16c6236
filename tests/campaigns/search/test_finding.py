"""Both databases find what a plain reading of the texts finds: no less, and no more."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import Action, Target
from campaigns.search import InvalidSearch, is_found, parse_search, search_records
from tests.campaigns.search.corpora import (
    build_corpus,
    finds,
    public_records,
    questions,
    texts,
)
from tests.factories import make_action, make_company, make_target

pytestmark = pytest.mark.django_db


def found(queryset: QuerySet[Any], text: str, **how: bool) -> set[int]:
    """Keys of the records that the text finds."""
    search = parse_search(text)
    records = search_records(queryset, search.shape, search.values, **how)
    return set(records.values_list("pk", flat=True))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), asked=st.lists(questions, min_size=1, max_size=4))
def test_what_is_found_is_what_a_plain_reading_finds(data: st.DataObject, asked: list[str]) -> None:
    with transaction.atomic():
        build_corpus(lambda: data.draw(texts))
        for question in asked:
            try:
                parse_search(question)
            except InvalidSearch:
                continue
            for model, records in public_records().items():
                expected = {record.pk for record in records if finds(record, question)}
                for stored in (True, False):
                    for ranked in (True, False):
                        assert found(records, question, stored=stored, ranked=ranked) == expected, (
                            model,
                            question,
                            stored,
                            ranked,
                        )
        transaction.set_rollback(True)


STEMS = [
    ("moratoriums", "moratorium"),
    ("policing", "police"),
    ("agreed", "agree"),
    ("technologies", "technology"),
    ("analogies", "analogy"),
    ("possible", "possibly"),
    ("trekked", "trek"),
    ("assemblies", "assembly"),
    ("CAFÉS", "café"),
]
OTHERS = [
    ("as", "a"), ("us", "u"), ("assets", "as"), ("by", "bi"), ("café", "cafe"), ("5e81ac", "ac"),
    ("x.y@z.example", "w"), ("one two", "onetwo"), ("ies", "i"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "asked"), [*STEMS, *(pair[::-1] for pair in STEMS)])
def test_words_of_one_stem_find_each_other(written: str, asked: str) -> None:
    action = make_action(title=f"About {written}.")

    assert found(Action.objects.all(), asked) == {action.pk}


@pytest.mark.parametrize(("written", "asked"), OTHERS)
def test_words_of_other_stems_do_not(written: str, asked: str) -> None:
    make_action(title=f"About {written}.")

    assert found(Action.objects.all(), asked) == set()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60)
    | st.text(alphabet="ab\"'*-()^:{}[]<>!&|\\%_+~. \0\ud800é", max_size=40)
    | st.lists(
        st.sampled_from(("NEAR", "OR", "AND", "NOT", "title:", "a", ":*", '"', "<->", "'", "\\")),
        max_size=8,
    ).map(" ".join)
)
def test_hostile_texts_are_refused_or_searched(text: str) -> None:
    make_target()
    try:
        parse_search(text)
    except InvalidSearch:
        return
    found(Target.objects.all(), text)
    found(Target.objects.all(), text, ranked=False)


def test_own_text_ranks_above_what_belongs_to_it() -> None:
    amazon = make_company("Amazon")
    said = make_target(demand="Amazon must stop")
    belongs = make_target(company=amazon, demand="Stop")
    search = parse_search("amazon")
    ranked: QuerySet[Any] = search_records(Target.objects.all(), search.shape, search.values)

    assert list(ranked.order_by("-search_rank", "-pk")) == [said, belongs]


def test_a_title_ranks_above_a_description() -> None:
    described = make_action(title="Letter", description="It speaks of rekognition.")
    named = make_action(title="Rekognition", description="It speaks of something else.")
    for number in range(4):
        make_action(title=f"Other letter {number}")
    search = parse_search("rekognition")
    ranked: QuerySet[Any] = search_records(Action.objects.all(), search.shape, search.values)

    assert list(ranked.order_by("-search_rank", "pk")) == [named, described]


@pytest.mark.parametrize("newest", [1, 2, 3])
@pytest.mark.parametrize("driving", [0, 1, 100])
@pytest.mark.parametrize("are_most", [True, False])
def test_of_very_many_the_newest_are_ranked(
    monkeypatch: pytest.MonkeyPatch, newest: int, driving: int, are_most: bool
) -> None:
    """Those whose own text says it come first; where they are too few, what belongs counts."""
    monkeypatch.setattr("campaigns.search.reading.NEWEST_RANKED", newest)
    monkeypatch.setattr("campaigns.search.dialects.MOST_DRIVING", driving)
    amazon = make_company("Amazon")
    said = [make_target(demand=f"Amazon must stop {number}").pk for number in range(2)]
    belongs = [make_target(company=amazon, demand="Stop").pk for _ in range(3)]

    left_out = make_target(demand="Amazon again").pk
    make_target(demand="Amazon must not stop")

    expected = {1: said[1:], 2: said, 3: [*said, *belongs]}[newest]
    targets = Target.objects.exclude(pk=left_out)
    search = parse_search("amazon -not")
    condition = is_found(targets, "pk", search.shape, search.values, are_most=are_most)
    assert set(Target.objects.filter(condition).values_list("pk", flat=True)) == set(expected)


def test_the_sql_depends_on_the_shape_alone() -> None:
    """The API compiles a query once, with marks for values, and binds the values later."""

    def compiled(text: str) -> tuple[str, list[str]]:
        search = parse_search(text)
        records = search_records(Target.objects.all(), search.shape, search.values)
        sql, params = records.query.get_compiler(connection=connection).as_sql()
        return sql, [param for param in params if isinstance(param, str)]

    sql, params = compiled('police "one year" -ring')
    other_sql, other_params = compiled('zoom "two days" -bank')

    assert sql == other_sql
    renamed = {"police": "zoom", "one year": "two days", "ring": "bank"}
    assert [renamed[param] for param in params] == other_params

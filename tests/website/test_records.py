"""The page of one status change, and the list of corrections."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.statuses import Status
from tests.factories import NOW, make_change, make_target
from tests.website.reading import read, text_of, texts_of
from tests.website.stories import EXEMPTIONS, tell_story

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = (dt.date(2020, month, 1) for month in (5, 6, 7))


def test_a_change_shows_both_clocks_its_terms_and_its_evidence(client: Client) -> None:
    story = tell_story()
    text = text_of(read(client, story.paused.get_absolute_url()))
    assert "Amazon (Rekognition)" in text
    assert "✕ refused → to ◐ paused" in text
    assert "Took effect 10 June 2020" in text
    assert "Recorded 1 March 2026, 12:00 UTC" in text
    assert "One-year moratorium on police use of Rekognition" in text
    assert "Expires 10 June 2021" in text
    assert all(name in text for name in EXEMPTIONS)
    assert "Congress puts rules in place — California" in text
    assert "We’re implementing a one-year moratorium" in text
    assert "Amazon, 10 June 2020 · kept copy" in text


def test_a_change_links_the_kept_copy_of_its_source(client: Client) -> None:
    story = tell_story()
    page = read(client, story.paused.get_absolute_url())
    assert page.css_first(f'a[href="/evidence/{"a" * 64}/"]') is not None


def test_a_change_says_how_to_cite_it_with_its_permanent_address(client: Client) -> None:
    story = tell_story()
    page = read(client, story.paused.get_absolute_url())
    address = f"http://followthrough.test/changes/{story.paused.pk}/"
    assert page.css_first(".cite a").attributes["href"] == address
    assert page.css_first("link[rel=canonical]").attributes["href"] == address
    assert page.css_first('meta[property="og:url"]').attributes["content"] == address
    assert text_of(page, ".cite") == (
        "Followthrough, “Amazon (Rekognition): refused → paused”, "
        f"status change {story.paused.pk}, "
        f"effective 10 June 2020 , recorded 1 March 2026, 12:00 UTC . {address}"
    )


def test_an_open_ended_outcome_states_no_expiry(client: Client) -> None:
    story = tell_story()
    assert "Expires no expiry stated" in text_of(read(client, story.extended.get_absolute_url()))


def test_a_corrected_change_and_its_correction_point_at_each_other_first_of_all(
    client: Client,
) -> None:
    wrong = make_change(effective_on=JUNE)
    right = make_change(wrong.target, Status.REFUSED, JUNE, corrects=wrong)
    old, new = read(client, wrong.get_absolute_url()), read(client, right.get_absolute_url())
    assert text_of(old, ".notice").startswith("This entry was corrected.")
    assert old.css_first(".notice a").attributes["href"] == right.get_absolute_url()
    assert old.css_first(".headline del") is not None
    assert text_of(new, ".notice").startswith("This entry is a correction.")
    assert new.css_first(".notice a").attributes["href"] == wrong.get_absolute_url()
    assert new.css_first(".headline del") is None
    for page in (old, new):
        assert "Stands today ✕ refused" in text_of(page)


def test_a_retraction_says_what_it_takes_back(client: Client) -> None:
    wrong = make_change(effective_on=JUNE)
    retraction = make_change(wrong.target, None, corrects=wrong)
    text = text_of(read(client, retraction.get_absolute_url()))
    assert "This entry is a retraction." in text
    assert "Retracted: ○ called on" in text
    assert "This entry was retracted." in text_of(read(client, wrong.get_absolute_url()))


def test_a_change_tells_when_later_entries_changed_what_came_before(client: Client) -> None:
    target = make_target()
    make_change(target, Status.CALLED_ON, MAY)
    paused = make_change(target, Status.PAUSED, JULY)
    assert "Later entries" not in text_of(read(client, paused.get_absolute_url()))
    make_change(target, Status.REFUSED, JUNE, now=NOW + dt.timedelta(days=1))
    text = text_of(read(client, paused.get_absolute_url()))
    assert "○ called on → to ◐ paused" in text
    assert "by today’s record it followed ✕ refused" in text


def test_a_change_takes_as_many_queries_after_a_long_history_as_after_none(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    story = tell_story()
    address = story.paused.get_absolute_url()
    with django_assert_num_queries(6):
        assert client.get(address).status_code == 200
    wrong = make_change(story.target, Status.REVERSED, dt.date(2024, 1, 1))
    make_change(story.target, Status.MET, dt.date(2024, 1, 1), corrects=wrong)
    with django_assert_num_queries(6):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_a_change_that_is_not_there_is_not_found(client: Client, number: str) -> None:
    assert client.get(f"/changes/{number}/").status_code == 404


def test_corrections_are_listed_with_what_was_and_what_is_the_latest_first(client: Client) -> None:
    one, other = make_change(effective_on=JUNE), make_change(effective_on=JUNE)
    make_change(one.target, Status.REFUSED, JUNE, corrects=one, summary="They had said no")
    make_change(other.target, None, corrects=other)
    page = read(client, "/corrections/")
    assert texts_of(page, ".timeline > li .kind") == ["Retraction", "Correction"]
    retracted, corrected = texts_of(page, ".timeline > li dl")
    assert retracted.startswith("Was ○ called on 1 June 2020")
    assert retracted.endswith("Is retracted")
    assert corrected.endswith("Is ✕ refused 1 June 2020")
    assert "They had said no" in text_of(page)


def test_a_correction_that_was_itself_corrected_is_not_shown_as_what_is(client: Client) -> None:
    target = make_target()
    wrong = make_change(target, Status.MET, JUNE)
    still_wrong = make_change(target, Status.PARTIAL, JUNE, corrects=wrong)
    right = make_change(target, Status.REFUSED, JUNE, corrects=still_wrong)

    page = read(client, "/corrections/")

    # What was, what was; and of the two that replaced them only the last still is.
    assert len(page.css("dd del")) == 3
    assert f"itself corrected by change {right.pk}" in text_of(page)


def test_without_corrections_the_list_says_so(client: Client) -> None:
    assert "Nothing was corrected so far." in text_of(read(client, "/corrections/"))

"""``manage.py poll``."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from campaigns.models import Target
from config.demo.site import Site
from sources.models import Article, Poll, Source
from sources.services import BATCH_SIZE
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT
from tests.sources.press import NOW, OLD, TEASER, article, poll, publish, watched_feed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]


def run(*args: str) -> str:
    out = StringIO()
    call_command("poll", *args, stdout=out, stderr=out)
    return out.getvalue()


def test_without_options_what_is_due_is_polled(site: Site) -> None:
    make_source(site.set("/a", "<p>A</p>"), slug="page-a")
    make_source(site.set("/b", "<p>B</p>"), slug="page-b", is_active=False)
    assert run() == "page-a baseline\n1 polled.\n"
    assert run("--due") == "0 polled.\n"


def test_a_source_is_named_by_slug_or_id_and_polled_whether_or_not_it_is_due(site: Site) -> None:
    source = make_source(site.set("/a", "<p>A</p>"), slug="page-a", is_active=False)
    assert run("--source", "page-a") == "page-a baseline\n1 polled.\n"
    assert run("--source", str(source.pk)) == "page-a unchanged\n1 polled.\n"


def test_what_was_found_is_counted(site: Site, amazon: Target) -> None:
    source = make_source(site.set("/a", "<p>Our policy.</p>"), slug="page-a")
    make_watch(source, amazon)
    run()
    site.set("/a", "<p>Our policy is new.</p>")
    assert "page-a changed (sentences: 1 new, 1 gone) findings: 0" in run("--source", "page-a")


def test_a_failed_poll_is_named_and_fails_the_command(site: Site) -> None:
    make_source(site.set("/a", "gone", status=404), slug="page-a")
    make_source(site.set("/b", "<p>B</p>"), slug="page-b")
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 2 polls failed"):
        call_command("poll", stdout=out)
    assert "page-a failed not_found (HTTP 404)" in out.getvalue()
    assert "page-b baseline" in out.getvalue()


def test_a_source_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(CommandError, match="no source “nowhere”"):
        run("--source", "nowhere")


def test_progress_is_shown_when_there_are_several_batches(site: Site) -> None:
    for number in range(BATCH_SIZE + 1):
        make_source(f"ftp://invalid.example/{number}")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("poll", stdout=out, stderr=out)
    assert f"{BATCH_SIZE} of {BATCH_SIZE + 1} sources" in out.getvalue()
    assert Poll.objects.count() == BATCH_SIZE + 1


def test_articles_that_are_due_are_read_and_shown(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon, slug="press")
    gone = ("/gone", "Other news", "Another region opens.")
    read_at = site.set("/news", article(ANNOUNCEMENT))
    publish(site, TEASER, gone, OLD)
    shown = run("--source", "press").splitlines()
    assert sorted(shown) == [
        "1 polled.",
        "press article read " + read_at,
        "press article waiting not_found " + site.url("/gone"),
        "press changed (entries: 2 new, 0 edited) findings: 0",
    ]
    assert Article.objects.filter(source=source, state="read").count() == 1


def test_without_options_articles_of_sources_that_are_not_due_are_read_too(
    site: Site, amazon: Target
) -> None:
    source = watched_feed(site, amazon, slug="press")
    site.set("/news", article(ANNOUNCEMENT))
    publish(site, TEASER, OLD)
    poll(source)
    Source.objects.update(next_poll_at=NOW.replace(year=2999))
    assert "press article read" in run()

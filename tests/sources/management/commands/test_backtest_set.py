"""The command that writes the backtest set, in the very form that backtest reads."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from campaigns.models import Target
from config.demo.site import Site
from sources.kinds import SourceKind
from sources.management.commands.backtest_set import Command
from sources.models import Finding, Source
from sources.services import (
    accept_finding,
    add_to_backtest_set,
    dismiss_finding,
    poll_sources,
)
from tests.sources.factories import make_finding, make_snapshot, make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, DAY_OF_ANNOUNCEMENT, policy_page, rss

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

NOW = DAY_OF_ANNOUNCEMENT
OLD = ("1", "Cloud prices fall", "Storage is cheaper from today.")
NEWS = ("2", "An update on Rekognition", ANNOUNCEMENT)


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor")


def found(source: Source, site: Site, path: str, news: str | bytes) -> Finding:
    """Poll a source, change it, and poll it again."""
    poll_sources(source_ids=[source.pk], now=NOW)
    site.set(path, news)
    poll_sources(source_ids=[source.pk], now=NOW.replace(hour=20))
    return Finding.objects.get(snapshot__source=source)


def page(site: Site, target: Target) -> Finding:
    source = make_source(site.set("/policy", policy_page()))
    make_watch(source, target)
    return found(source, site, "/policy", policy_page(ANNOUNCEMENT))


def feed(site: Site, target: Target) -> Finding:
    source = make_source(site.set("/feed", american(OLD)), kind=SourceKind.FEED)
    make_watch(source, target)
    return found(source, site, "/feed", american(("4", "Cats", "All about cats."), NEWS, OLD))


def american(*items: tuple[str, str, str]) -> bytes:
    """A feed that says in which language it is."""
    return rss(*items).replace(
        b"<title>Press</title>", b"<title>Press</title><language>en-us</language>"
    )


def dismiss(finding: Finding, editor: User) -> None:
    dismiss_finding(
        finding=finding, category="only_planned", reviewer=editor, now=NOW, is_labelled=True
    )


def written() -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("backtest_set", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def scored(lines: str, tmp_path: Path) -> str:
    file = tmp_path / "set.jsonl"
    file.write_text(lines, "utf-8")
    out = io.StringIO()
    call_command("backtest", str(file), stdout=out)
    return " ".join(out.getvalue().split())


@pytest.mark.parametrize("kind", [page, feed])
def test_what_was_accepted_is_found_again_by_the_backtest(
    site: Site, amazon: Target, editor: User, tmp_path: Path, kind: Any
) -> None:
    finding = kind(site, amazon)
    accept_finding(finding=finding, reviewer=editor, now=NOW.replace(hour=21))
    add_to_backtest_set(finding=finding, editor=editor, now=NOW.replace(hour=22))
    lines, said = written()
    assert said == "1 line written\n"
    report = scored(lines, tmp_path)
    assert "recall 100.0 % (1 of 1)" in report
    assert "status right 100.0 % (1 of 1)" in report
    assert "effective day right 100.0 % (1 of 1)" in report
    assert "expiry day right 100.0 % (1 of 1)" in report
    assert f"finding-{finding.pk}:" not in report


@pytest.mark.parametrize("kind", [page, feed])
def test_what_was_dismissed_is_the_same_false_alarm_in_the_backtest(
    site: Site, amazon: Target, editor: User, tmp_path: Path, kind: Any
) -> None:
    finding = kind(site, amazon)
    dismiss(finding, editor)
    report = scored(written()[0], tmp_path)
    assert "false alarms 100.0 % (1 of 1)" in report
    assert "only_planned 0.0 % (0 of 1)" in report
    assert f"finding-{finding.pk}: false alarm (only_planned)" in report
    assert f"“{finding.passage}”" in report
    assert f"found: Amazon, {finding.proposed_status}" in report


def test_of_a_page_what_it_said_before_is_written_too(
    site: Site, amazon: Target, editor: User
) -> None:
    dismiss(page(site, amazon), editor)
    line = json.loads(written()[0])
    assert ANNOUNCEMENT in line["after_html"]
    assert ANNOUNCEMENT not in line["before_html"]
    assert "Questions about this policy" in line["before_html"]


def test_of_a_feed_only_the_entry_is_written(site: Site, amazon: Target, editor: User) -> None:
    dismiss(feed(site, amazon), editor)
    line = json.loads(written()[0])
    assert ANNOUNCEMENT in line["text"]
    assert "cats" not in line["text"]
    assert (line["title"], line["url"]) == (NEWS[1], "https://press.example/2")
    assert line["lang"] == "en-us"


def test_the_help_says_of_all_that_is_left_out() -> None:
    said = Command.help
    for left_out in ("drafts", "removed", "retracted", "not sure that nothing should be found"):
        assert left_out in said


def test_an_empty_set_is_an_empty_file() -> None:
    assert written() == ("", "0 lines written\n")


def test_markup_in_a_passage_stays_text(amazon: Target, editor: User) -> None:
    evil = "<script>alert(1)</script> & Amazon paused it."
    earlier = make_finding(amazon)
    finding = make_finding(amazon, passage=evil, snapshot=_later(earlier, f"Policy.\n\n{evil}"))
    dismiss(finding, editor)
    [line] = map(json.loads, written()[0].splitlines())
    assert "<script>" not in line["after_html"]
    assert "&lt;script&gt;" in line["after_html"]


def _later(finding: Finding, text: str) -> Any:
    snapshot = finding.snapshot
    return make_snapshot(snapshot.source, text, taken_at=snapshot.taken_at.replace(hour=23))

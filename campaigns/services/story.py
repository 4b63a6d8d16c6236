"""The founding story: what the article that began this service reports, and what followed."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction

from campaigns.dates import Precision, parse_on
from campaigns.models import (
    Action,
    Bill,
    Campaign,
    Citation,
    Document,
    Organization,
    Position,
    Response,
    StatusChange,
    Target,
    Topic,
)
from campaigns.services.citing import write_citations
from campaigns.services.drafts import CitationDraft, DocumentDraft, OutcomeDraft
from campaigns.services.recording import record_status_change
from companies.models import Alias, Company, Product

STORY_FILE = Path(__file__).resolve().parent.parent / "data" / "founding_story.toml"

Row = dict[str, Any]
M = TypeVar("M", bound=models.Model)


@transaction.atomic
def load_story(*, now: dt.datetime) -> dict[str, int]:
    """Load the founding story, silently for alerts, all or nothing.

    Idempotent: what is on record is left as it is, with every edit made since.

    Returns:
        How many rows were created, by the plural name of their model; empty the second time.
    """
    loader = _Loader(tomllib.loads(STORY_FILE.read_text(encoding="utf-8")), now)
    loader.load()
    return loader.created


class _Loader:
    """Turns the rows of the story file into rows of the database, keeping them by their keys."""

    def __init__(self, story: Row, now: dt.datetime) -> None:
        self.story = story
        self.now = now
        self.created: dict[str, int] = {}
        self.documents: dict[str, DocumentDraft] = {}
        self.companies: dict[str, Company] = {}
        self.organizations: dict[str, Organization] = {}
        self.campaigns: dict[str, Campaign] = {}
        self.targets: dict[str, Target] = {}
        self.bills: dict[str, Bill] = {}
        self.actions: dict[str, Action] = {}

    def load(self) -> None:
        known = Document.objects.count()
        self._read_documents()
        self._load_companies()
        self._load_campaigns()
        self._load_bills()
        self._load_events()
        for row in self.story["changes"]:
            self._load_change(row)
        self._count(Document, Document.objects.count() - known)

    def _keep(self, model: type[M], defaults: Row | None = None, **key: Any) -> tuple[M, bool]:
        """Find the row by its key, or create it and count it."""
        row, is_new = model._default_manager.get_or_create(**key, defaults=defaults or {})
        if is_new:
            self._count(model)
        return row, is_new

    def _count(self, model: type[models.Model], number: int = 1) -> None:
        name = str(model._meta.verbose_name_plural)
        if number:
            self.created[name] = self.created.get(name, 0) + number

    def _read_documents(self) -> None:
        """Read what is cited; it is written with the first fact that cites it."""
        for key, row in self.story["documents"].items():
            dated = _dated("published", row["published"]) if "published" in row else {}
            names = ("url", "title", "publisher")
            self.documents[key] = DocumentDraft(**{name: row[name] for name in names}, **dated)

    def _load_companies(self) -> None:
        for slug, row in self.story["companies"].items():
            parent = self.companies.get(row.get("parent", ""))
            defaults = {"name": row["name"], "website": row["website"], "parent": parent}
            company, is_new = self._keep(Company, defaults, slug=slug)
            self.companies[slug] = company
            for name in row.get("aliases", []) if is_new else []:
                self._keep(Alias, company=company, name=name)
            for name in row.get("products", []) if is_new else []:
                self._keep(Product, company=company, name=name)

    def _load_campaigns(self) -> None:
        for slug, row in self.story["organizations"].items():
            defaults = row | {"parent": self.organizations.get(row.get("parent", ""))}
            self.organizations[slug], _ = self._keep(Organization, defaults, slug=slug)
        topics = {
            slug: self._keep(Topic, row, slug=slug)[0] for slug, row in self.story["topics"].items()
        }
        for slug, row in self.story["campaigns"].items():
            defaults = {key: row[key] for key in ("title", "summary")}
            defaults["published_at"] = self.now
            campaign, is_new = self._keep(Campaign, defaults, slug=slug)
            self.campaigns[slug] = campaign
            if is_new:
                campaign.organizations.set(self.organizations[key] for key in row["organizations"])
                campaign.topics.set(topics[key] for key in row["topics"])
        for key, row in self.story["targets"].items():
            company = self.companies[row["company"]]
            self.targets[key], _ = self._keep(
                Target,
                {"demand": row["demand"]},
                campaign=self.campaigns[row["campaign"]],
                company=company,
                product=company.products.filter(name=row.get("product")).first(),
            )

    def _load_bills(self) -> None:
        for key, row in self.story["bills"].items():
            identity = {name: row[name] for name in ("jurisdiction", "session", "identifier")}
            rest = {name: row[name] for name in ("title", "status", "url")}
            defaults = rest | _dated("status", row["status_on"])
            self.bills[key], _ = self._keep(Bill, defaults, **identity)
        for row in self.story["positions"]:
            dated = _dated("taken", row["taken"])
            position, is_new = self._keep(
                Position,
                {"stance": row["stance"], "summary": row["summary"], **dated},
                company=self.companies[row["company"]],
                bill=self.bills[row["bill"]],
                taken_on=dated["taken_on"],
            )
            self._cite(row, is_new, position=position)

    def _load_events(self) -> None:
        for row in self.story["actions"]:
            defaults = {"kind": row["kind"], "description": row.get("description", "")}
            defaults["participants_count"] = row.get("participants_count")
            action, is_new = self._keep(
                Action,
                defaults | _dated("happened", row["happened"]),
                campaign=self.campaigns[row["campaign"]],
                title=row["title"],
            )
            self.actions[row["key"]] = action
            if is_new:
                action.targets.set(self.targets[key] for key in row["targets"])
                action.organizations.set(self.organizations[key] for key in row["organizations"])
            self._cite(row, is_new, action=action)
        for row in self.story["responses"]:
            dated = _dated("happened", row["happened"])
            response, is_new = self._keep(
                Response,
                {"summary": row["summary"], "answers": self.actions.get(row.get("answers", ""))}
                | dated,
                target=self.targets[row["target"]],
                kind=row["kind"],
                happened_on=dated["happened_on"],
            )
            self._cite(row, is_new, response=response)

    def _cite(self, row: Row, is_new: bool, **fact: Any) -> None:
        if is_new:
            self._count(Citation, len(write_citations(self._citations(row), **fact)))

    def _citations(self, row: Row) -> list[CitationDraft]:
        return [
            CitationDraft(document=self.documents[cited["document"]], quote=cited["quote"])
            for cited in row["citations"]
        ]

    def _load_change(self, row: Row) -> None:
        target = self.targets[row["target"]]
        effective_on, precision = parse_on(row["effective"])
        recorded = target.status_changes.filter(to_status=row["to"], effective_on=effective_on)
        if recorded.exists():
            return
        record_status_change(
            target=target,
            to_status=row["to"],
            effective_on=effective_on,
            effective_precision=precision,
            summary=row["summary"],
            outcome=_outcome(row.get("outcome")),
            extends=row.get("extends", False),
            citations=self._citations(row),
            is_silent=True,
            now=self.now,
        )
        self._count(StatusChange)


def _dated(name: str, text: str) -> Row:
    day, precision = parse_on(text)
    return {f"{name}_on": day, f"{name}_precision": precision}


def _outcome(row: Row | None) -> OutcomeDraft | None:
    if row is None:
        return None
    expires_on, precision = parse_on(row["expires"]) if "expires" in row else (None, Precision.DAY)
    return OutcomeDraft(
        kind=row["kind"],
        terms=row["terms"],
        scope=row.get("scope", ""),
        condition=row.get("condition", ""),
        expires_on=expires_on,
        expires_precision=precision,
        exemptions=tuple(row.get("exemptions", ())),
    )

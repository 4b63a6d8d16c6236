"""Companies and organizations as files name them: on record, or made up once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from campaigns.importing.capitals import capitalized
from campaigns.services.importing import reading
from campaigns.services.importing.known import by_slug, in_batches
from campaigns.services.importing.permits import Permits
from campaigns.services.importing.plans import PlannedRow
from companies.models import Alias, Company, OldSlug
from companies.names import name_key, normalize_name

LONGEST_STEM = 90
"""Characters of a slug that is made of a name, before a number is added."""


class FreeSlugs:
    """Slugs for new records: no record goes by them or did, and each is given once.

    Args:
        model: of the records.
        names: of those that may be new.
        taken: slugs that are not to be given.
    """

    def __init__(self, model: Any, names: Iterable[str], taken: Iterable[str] = ()) -> None:
        self.model = model
        self._held = set(taken)
        stems = {self._stem(name) for name in names}
        for rows in (model._default_manager.all(), OldSlug.of(model)):
            self._held |= {row.slug for row in in_batches(rows, "slug", stems)}

    def give(self, name: str) -> str:
        """Return the slug of a new record of this name."""
        stem = slug = self._stem(name)
        number = 1
        while slug in self._held:
            if number == 1:
                self._read_numbered(stem)
            number += 1
            slug = f"{stem}-{number}"
        self._held.add(slug)
        return slug

    def _stem(self, name: str) -> str:
        kind = str(self.model._meta.model_name)
        stem = slugify(name)[:LONGEST_STEM] or kind
        return f"{stem}-{kind}" if stem.isdigit() else stem

    def _read_numbered(self, stem: str) -> None:
        for rows in (self.model._default_manager.all(), OldSlug.of(self.model)):
            numbered = rows.filter(slug__startswith=f"{stem}-")
            self._held.update(numbered.values_list("slug", flat=True))


class Names:
    """Companies or organizations by their names; those that are not on record are made up once.

    Attributes:
        by_name: records by the keys of their names.
        by_alias: aliases by their keys; organizations have none.
        merged: records by the keys of names that were merged into them and left no alias.
    """

    def __init__(self, model: Any, names: Iterable[str], permits: Permits) -> None:
        self.model = model
        self.permits = permits
        texts = list(names)
        keys = {name_key(name) for name in texts}
        rows = permits.rows(model)
        self.by_name: dict[str, Any] = {
            row.name_key: row for row in in_batches(rows, "name_key", keys)
        }
        self.by_alias: dict[str, Alias] = {}
        self.merged: dict[str, Any] = {}
        if model is Company:
            aliases = Alias.objects.select_related("company")
            self.by_alias = {row.name_key: row for row in in_batches(aliases, "name_key", keys)}
        else:
            self.merged = self._merged(keys - set(self.by_name))
        self._new: dict[str, Any] = {}
        self._slugs = FreeSlugs(model, [name for name in texts if self.find(name) is None])

    def _merged(self, keys: set[str]) -> dict[str, Any]:
        """Return who is kept instead of those that went by these names when they were merged."""
        deleted = self.model.history.filter(history_type="-").order_by("history_id")
        slugs = {row.name_key: row.slug for row in in_batches(deleted, "name_key", keys)}
        kept = by_slug(self.permits.rows(self.model), slugs.values(), is_old=True)
        return {key: kept[slug] for key, slug in slugs.items() if slug in kept}

    def find(self, name: str) -> Any:
        """Return the record that goes by this name, or did until a merge; ``None`` without one."""
        key = name_key(name)
        if key in self.by_name:
            return self.by_name[key]
        alias = self.by_alias.get(key)
        return alias.company if alias else self.merged.get(key)

    def read(self, planned: PlannedRow, column: str, name: str) -> Any:
        """Return the record that a row names, a new one if there is none; keep what is to be said.

        The new one is not saved, and is the same for all rows that name it.
        """
        row, key = self.find(name), name_key(name)
        if row is not None:
            if key in self.merged:
                said = _("%(column)s: “%(name)s” was merged into “%(kept)s”.")
                shown = {"column": column, "name": reading.in_a_line(name), "kept": row.name}
                planned.notes.append(said % shown)
            return row
        if key not in self._new:
            self._new[key] = self._made_up(name)
        row = self._new[key]
        label = _("%(kind)s “%(name)s”")
        kind = self.model._meta.verbose_name
        planned.creates.append(label % {"kind": kind, "name": reading.in_a_line(row.name)})
        for error in reading.errors_of(row, ("parent", "name_key")):
            planned.errors.append(f"{column}: “{reading.in_a_line(name)}”: {error}")
        if not self.permits.may("add", row, "new"):
            said = _("%(column)s: your role does not allow a new one, “%(name)s”.")
            planned.errors.append(said % {"column": column, "name": reading.in_a_line(name)})
        return row

    def _made_up(self, name: str) -> Any:
        plain = normalize_name(name)
        styled = capitalized(plain)
        if name_key(styled) != name_key(plain):  # such as the dotless i of Turkish
            styled = plain
        return self.model(name=styled, slug=self._slugs.give(plain))

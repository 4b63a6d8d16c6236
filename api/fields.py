"""The members that records are put together from, by what they hold."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import TextChoices

from api.shapes import Address, Column, Field, Nothing
from campaigns.dates import Precision


def number(
    name: str, help: str, path: str = "", *, example: int | None = None, nullable: bool = False
) -> Column:
    """A whole number."""
    schema = {"type": "integer", "format": "int64"}
    return Column(
        name=name, help=help, path=path or name, schema=schema, example=example, nullable=nullable
    )


def text(name: str, help: str, path: str = "", *, example: str = "") -> Column:
    """What people wrote; empty where they wrote nothing."""
    return Column(
        name=name,
        help=help,
        path=path or name,
        schema={"type": "string"},
        example=example or None,
        is_text=True,
    )


def slug(help: str = "Its name in addresses; may be edited.", *, example: str) -> Column:
    """A name in addresses."""
    return Column(
        name="slug",
        help=help,
        path="slug",
        schema={"type": "string"},
        example=example,
        is_text=True,
    )


def link(
    name: str, help: str, path: str = "", *, example: str = "", nullable: bool = True
) -> Column:
    """An address elsewhere; ``null`` where none is on record."""
    return Column(
        name=name,
        help=help,
        path=path or name,
        schema={"type": "string", "format": "uri"},
        example=example or None,
        nullable=nullable,
        blank_is_null=nullable,
        is_text=True,
    )


def choice(
    name: str,
    help: str,
    choices: type[TextChoices],
    path: str = "",
    *,
    example: str = "",
    nullable: bool = False,
) -> Column:
    """One value of a fixed list."""
    return Column(
        name=name,
        help=help,
        path=path or name,
        schema={"type": "string", "enum": list(choices.values)},
        example=example or str(choices.values[0]),
        nullable=nullable,
        blank_is_null=nullable,
    )


def day(
    name: str, help: str, path: str = "", *, example: str = "2020-06-10", nullable: bool = False
) -> Column:
    """A day of the world."""
    return Column(
        name=name,
        help=help,
        path=path or name,
        schema={"type": "string", "format": "date"},
        example=example,
        nullable=nullable,
    )


def precision(
    name: str, of: str, path: str = "", *, example: str = "day", nullable: bool = False
) -> Column:
    """How much of a day is known."""
    return choice(
        name,
        f"How much of `{of}` is known: an imprecise date is given as the first day of its period.",
        Precision,
        path,
        example=example,
        nullable=nullable,
    )


def moment(name: str, help: str, path: str = "", *, nullable: bool = False) -> Column:
    """A moment, in UTC."""
    return Column(
        name=name,
        help=help,
        path=path or name,
        schema={"type": "string", "format": "date-time"},
        example="2026-03-01T12:00:00Z",
        nullable=nullable,
    )


def truth(name: str, help: str, path: str = "") -> Column:
    """Yes or no."""
    return Column(name=name, help=help, path=path or name, schema={"type": "boolean"}, example=True)


def api_url(resource: str, path: str = "pk") -> Address:
    """The address of the record in the API; by number, for a slug may be edited."""
    return Address(
        name="url",
        help="Address of this record in the API.",
        view=f"api:{resource}-detail",
        path=path,
    )


def page_url(
    view: str, path: str, *, example: str | int = 1, fragment: str = "", fragment_path: str = ""
) -> Address:
    """The address of the page on which people read about the record."""
    return Address(
        name="html_url",
        help="Address of the page that shows this record.",
        view=f"website:{view}",
        path=path,
        example=example,
        fragment=fragment,
        fragment_path=fragment_path,
    )


def target_page(prefix: str = "") -> Address:
    """The address of the place on the campaign's page that shows a target."""
    return page_url(
        "campaign",
        f"{prefix}campaign__slug",
        example="stop-selling-face-recognition-to-police",
        fragment="#target-",
        fragment_path=f"{prefix}pk",
    )


def no_page() -> Nothing:
    """Stands where the page's address would."""
    return Nothing(name="html_url", help="It has no page of its own: null.")


def stamps(created: str = "created_at", updated: str = "updated_at") -> Iterable[Field]:
    """When the record was made, and when its content last changed."""
    return (
        moment("created_at", "When it was recorded here.", created),
        moment("updated_at", "When its content last changed.", updated),
    )

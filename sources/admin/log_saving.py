"""Previewing and saving what was logged: from the parts of the page to one call of a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.contrib.admin import site
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from campaigns.errors import InvalidStatusChange
from campaigns.models import Action, Response, StatusChange
from campaigns.services import (
    CitationDraft,
    DocumentDraft,
    log_action,
    log_response,
    preview_status_change,
    record_status_change,
)
from sources.admin.log_forms import ActionPart, DocumentPart, Part, StatusPart
from sources.admin.log_known import known_at
from sources.admin.log_permits import may_log, who_may
from sources.admin.log_similar import is_asked_about
from sources.services import Proposal

Logged = Action | Response | StatusChange
Made = TypeVar("Made")

_FIELDS = {"outcome": "terms", "corrects": "target"}
"""Where a part shows what a service says of an argument of another name."""


def save(request: HttpRequest, kind: str, document: DocumentPart, part: Part) -> Logged | None:
    """Save a kind of entry with its citation, if both parts are valid and the person may.

    Returns:
        what was saved; ``None`` if it was refused, and the parts say why.
    """
    if not _is_acceptable(request, kind, document, part):
        return None
    if isinstance(part, ActionPart) and is_asked_about(request, part):
        return None
    citations = [_citation(document, part, cast(User, request.user))]
    logged = _unless_refused(part, lambda: _SAVERS[kind](request, part, citations))
    if logged is not None:
        note = logged.get_kind_display() if isinstance(logged, StatusChange) else [{"added": {}}]
        site.get_model_admin(type(logged)).log_addition(request, cast(Any, logged), note)
    return logged


def preview(
    request: HttpRequest, document: DocumentPart, part: StatusPart
) -> list[SafeString] | None:
    """Return how a status change would be shown and told; ``None`` if it would be refused."""
    if not _is_acceptable(request, "status_change", document, part):
        return None
    citations = [_citation(document, part, cast(User, request.user))]
    return _unless_refused(
        part,
        lambda: preview_status_change(claim=_claim(request, part, citations), now=timezone.now()),
    )


def _is_acceptable(request: HttpRequest, kind: str, document: DocumentPart, part: Part) -> bool:
    # Both are asked, so that all that is to be mended is said at once.
    are_valid = [document.is_valid(), part.is_valid()]
    return all(are_valid) and _is_allowed(request, kind, part)


def _is_allowed(request: HttpRequest, kind: str, part: Part) -> bool:
    about = part.cleaned_data["campaign" if isinstance(part, ActionPart) else "target"]
    is_allowed = may_log(request.user, kind, about)
    if not is_allowed:
        part.add_error(None, who_may(request.user, about))
    return is_allowed


def _unless_refused(part: Part, make: Callable[[], Made]) -> Made | None:
    """Return what is made, or show in the part why that is refused."""
    try:
        return make()
    except InvalidStatusChange as error:
        _show(part, error.field, str(error))
    except ValidationError as error:
        for name, said in _said(error):
            _show(part, name, said)
    return None


def _citation(document: DocumentPart, part: Part, user: User) -> CitationDraft:
    data = document.cleaned_data
    # One document has one row, whoever linked to it with which tracking parameters.
    known = known_at(data["url"], user)
    draft = DocumentDraft(
        url=known.document.url if known else data["url"],
        **{name: data[name] for name in ("title", "publisher", "published_on")},
        published_precision=data["published_precision"],
    )
    return CitationDraft(document=draft, quote=part.cleaned_data["quote"])


def _save_action(_: HttpRequest, part: Part, citations: list[CitationDraft]) -> Action:
    return log_action(**_but_quote(part), citations=citations)


def _save_response(_: HttpRequest, part: Part, citations: list[CitationDraft]) -> Response:
    return log_response(**_but_quote(part), citations=citations)


def _save_status(request: HttpRequest, part: Part, citations: list[CitationDraft]) -> StatusChange:
    assert isinstance(part, StatusPart)
    return record_status_change(**_claim(request, part, citations), now=timezone.now())


def _claim(
    request: HttpRequest, part: StatusPart, citations: list[CitationDraft]
) -> dict[str, Any]:
    """Return what ``record_status_change`` is to be called with, but for the moment.

    Raises:
        InvalidStatusChange: the terms do not fit the status.
    """
    data = part.cleaned_data
    names = ("effective_on", "effective_precision", "extends", "summary")
    said: dict[str, Any] = {name: data[name] for name in names}
    terms = ("kind", "terms", "condition", "condition_bill", "expires_on", "expires_precision")
    proposal = Proposal(
        status=data["to_status"],
        document_title="",
        exemptions=part.exempted(),
        quote=data["quote"],
        review_on=data["review_on"],
        **said,
        **{name: data[name] for name in terms},
    )
    return said | {
        "target": data["target"],
        "to_status": data["to_status"],
        "outcome": proposal.outcome(),
        "citations": citations,
        "is_silent": data["is_silent"],
        "recorded_by": cast(User, request.user),
    }


def _but_quote(part: Part) -> dict[str, Any]:
    return {name: value for name, value in part.cleaned_data.items() if name != "quote"}


_SAVERS: dict[str, Callable[[HttpRequest, Part, list[CitationDraft]], Logged]] = {
    "action": _save_action,
    "response": _save_response,
    "status_change": _save_status,
}


def _said(error: ValidationError) -> list[tuple[str, str]]:
    if hasattr(error, "error_dict"):
        return [(name, said) for name, all_said in error.message_dict.items() for said in all_said]
    return [("", said) for said in error.messages]


def _show(part: Form, name: str, said: str) -> None:
    field = _FIELDS.get(name, name)
    part.add_error(field if field in part.fields else None, said)

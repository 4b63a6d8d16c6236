"""Saving what was logged: from the parts of the page to one call of a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib.admin import site
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.errors import InvalidStatusChange
from campaigns.models import Action, Response, StatusChange
from campaigns.services import (
    CitationDraft,
    DocumentDraft,
    log_action,
    log_response,
    record_status_change,
)
from sources.admin.log_forms import ActionPart, DocumentPart, Part, ResponsePart, StatusPart
from sources.admin.log_known import known_at
from sources.services import Proposal

Logged = Action | Response | StatusChange

_FIELDS = {"outcome": "terms", "corrects": "target", "review_on": "expires_on"}
"""Where a part shows what a service says of an argument of another name."""


def save(request: HttpRequest, kind: str, document: DocumentPart, part: Part) -> Logged | None:
    """Save a kind of entry with its citation, if both parts are valid and the person may.

    Returns:
        what was saved; ``None`` if it was refused, and the parts say why.
    """
    # Both are asked, so that all that is to be mended is said at once.
    are_valid = [document.is_valid(), part.is_valid()]
    if not all(are_valid) or not _is_allowed(request, part):
        return None
    citations = [_citation(document, part, cast(User, request.user))]
    try:
        logged: Logged = _SAVERS[kind](request, part, citations)
    except InvalidStatusChange as error:
        _show(part, error.field, str(error))
    except ValidationError as error:
        for name, said in _said(error):
            _show(part, name, said)
    else:
        note = logged.get_kind_display() if isinstance(logged, StatusChange) else [{"added": {}}]
        site.get_model_admin(type(logged)).log_addition(request, cast(Any, logged), note)
        return logged
    return None


def _is_allowed(request: HttpRequest, part: Part) -> bool:
    data = part.cleaned_data
    if isinstance(part, ActionPart):
        is_allowed = request.user.has_perm(
            "campaigns.add_action", Action(campaign=data["campaign"])
        )
    elif isinstance(part, ResponsePart):
        is_allowed = request.user.has_perm(
            "campaigns.add_response", Response(target=data["target"])
        )
    else:
        is_allowed = request.user.has_perm("campaigns.add_statuschange", data["target"])
    if not is_allowed:
        said = _("Your role does not allow this here: an editor of the organization can do it.")
        part.add_error(None, said)
    return is_allowed


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
    data = part.cleaned_data
    names = ("effective_on", "effective_precision", "extends", "summary")
    said: dict[str, Any] = {name: data[name] for name in names}
    terms = ("kind", "terms", "condition", "expires_on", "expires_precision", "quote")
    proposal = Proposal(
        status=data["to_status"],
        document_title="",
        exemptions=part.exempted(),
        **said,
        **{name: data[name] for name in terms},
    )
    return record_status_change(
        **said,
        target=data["target"],
        to_status=data["to_status"],
        outcome=proposal.outcome(),
        citations=citations,
        is_silent=data["is_silent"],
        recorded_by=cast(User, request.user),
        now=timezone.now(),
    )


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

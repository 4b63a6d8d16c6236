"""Pages of the record itself: a status change, all corrections, a kept copy."""

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from campaigns.models import StatusChange
from sources.evidence import MissingEvidence
from sources.evidence import get as get_evidence
from sources.services import NoSnapshot, NothingToView, view_of, warc_of_copy
from website import pages, timelines


@require_safe
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One status change with its evidence; its address is permanent."""
    found = get_object_or_404(StatusChange.objects.public(), pk=pk)
    return render(request, "website/change.html", {"item": timelines.change_item(found)})


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Everything that was recorded wrongly, and what replaced it."""
    found = pages.corrections_page(request.GET.get("page", "1"))
    return render(request, "website/corrections.html", {"page": found})


@require_safe
@csp({"default-src": [NONE], "sandbox": [True]})  # type: ignore[arg-type]  # knows no arguments
def evidence(request: HttpRequest, sha256: str) -> HttpResponse:
    """The kept copy of a page, byte for byte, as a file that no browser runs.

    Only what a citation of a public fact names is given out: the rest may concern drafts. A
    damaged copy is our failure, and answered as one.
    """
    if not pages.is_public_evidence(sha256):
        raise Http404
    try:
        body = get_evidence(sha256)
    except MissingEvidence as error:
        raise Http404 from error
    content_type, ending = (
        ("text/plain; charset=utf-8", "txt")
        if _is_text(body)
        else ("application/octet-stream", "bin")
    )
    return HttpResponse(
        body,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{sha256}.{ending}"'},
    )


@require_safe
@csp(  # type: ignore[arg-type]  # knows no arguments
    {
        "sandbox": [True],
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "img-src": ["data:"],
    }
)
def evidence_view(request: HttpRequest, sha256: str) -> HttpResponse:
    """The kept copy of a page, to be looked at: nothing in it runs, loads or connects.

    What is no page is shown as text; what cannot be shown leads to the copy itself.
    """
    if not pages.is_public_evidence(sha256):
        raise Http404
    try:
        view = view_of(sha256)
    except MissingEvidence as error:
        raise Http404 from error
    except NothingToView:
        return redirect("website:evidence", sha256=sha256)
    kind = "html" if view.is_markup else "plain"
    return HttpResponse(
        view.text,
        content_type=f"text/{kind}; charset=utf-8",
        headers={"X-DNS-Prefetch-Control": "off", "Referrer-Policy": "no-referrer"},
    )


@require_safe
def evidence_warc(request: HttpRequest, sha256: str) -> HttpResponse:
    """The kept copy of a page as a file for web archives and their viewers."""
    if not pages.is_public_evidence(sha256):
        raise Http404
    try:
        file = warc_of_copy(sha256)
    except (MissingEvidence, NoSnapshot) as error:
        raise Http404 from error
    return HttpResponse(
        file,
        content_type="application/warc",
        headers={"Content-Disposition": f'attachment; filename="{sha256}.warc.gz"'},
    )


def _is_text(body: bytes) -> bool:
    try:
        return "\0" not in body.decode()
    except UnicodeDecodeError:
        return False

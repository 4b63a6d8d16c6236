"""All of the record as files."""

from __future__ import annotations

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from website.data_set import DataFile, read_data_set
from website.ranges import NotSatisfiable, part_of, read_range


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What can be downloaded, of which moment, and how it is kept current."""
    return render(request, "website/data.html", {"found": read_data_set(settings.DATA_DIR)})


@require_safe
def data_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """One file of the data set; only names that it lists itself lead anywhere."""
    found = read_data_set(settings.DATA_DIR)
    file = found.file(name) if found else None
    if found is None or file is None:
        raise Http404
    etag = f'"{file.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(
        request, etag=etag, last_modified=found.last_modified
    )
    if response is None:
        response = _part(request, file, etag) or _whole(request, file)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(found.last_modified)
    response["Cache-Control"] = "public, no-cache"
    response["Accept-Ranges"] = "bytes"
    return response


def _part(request: HttpRequest, file: DataFile, etag: str) -> HttpResponseBase | None:
    """Answer with the part of a file that is asked for, if it is one of this very version."""
    header = request.headers.get("Range", "")
    if request.method == "HEAD" or request.headers.get("If-Range", etag) != etag:
        return None
    try:
        part = read_range(header, file.size)
    except NotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    if part is None:
        return None
    headers = {
        "Content-Range": f"bytes {part.start}-{part.stop - 1}/{file.size}",
        "Content-Length": str(len(part)),
    }
    return StreamingHttpResponse(
        part_of(file.path, part), status=206, content_type=file.media_type, headers=headers
    )


def _whole(request: HttpRequest, file: DataFile) -> HttpResponseBase:
    response = FileResponse(
        file.path.open("rb"),
        as_attachment=not file.is_text,
        filename=file.name,
        content_type=file.media_type,
    )
    if request.method != "HEAD":
        return response
    response.close()
    return HttpResponse(headers=response.headers)

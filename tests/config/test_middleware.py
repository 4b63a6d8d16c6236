"""What only pages need is idle for the API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from simple_history.models import HistoricalRecords

from config.middleware import History


def test_history_knows_who_asks_for_a_page_and_not_who_reads_the_api(rf: RequestFactory) -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        noted.append(getattr(HistoricalRecords.context, "request", None))
        return HttpResponse()

    noted: list[HttpRequest | None] = []
    page, read = rf.get("/admin/"), rf.get("/api/v1/targets/1/")
    for request in (page, read):
        assert History(answer)(request).status_code == 200
    assert noted == [page, None]

"""The web site that the tests and the demo read."""

import threading
from http.client import HTTPConnection, HTTPResponse

import pytest

from config.demo.site import Site


def ask(site: Site, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=5)
    connection.request(
        method, path, headers={key.replace("_", "-"): v for key, v in headers.items()}
    )
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def test_a_page_is_what_it_was_last_set_to(site: Site) -> None:
    site.set("/policy", "<p>old</p>")
    site.set("/policy", "<p>née</p>", headers={"X-Extra": "yes"})
    response, body = ask(site, "/policy")
    assert (response.status, body) == (200, "<p>née</p>".encode())
    assert response.getheader("Content-Type") == "text/html; charset=utf-8"
    assert response.getheader("X-Extra") == "yes"


def test_a_path_that_was_not_set_or_was_removed_is_not_found(site: Site) -> None:
    site.set("/gone", "here")
    site.remove("/gone")
    assert ask(site, "/gone")[0].status == 404
    assert ask(site, "/never")[0].status == 404


def test_a_page_with_a_known_etag_is_not_sent_again(site: Site) -> None:
    site.set("/feed", "<feed/>", headers={"ETag": '"1"', "Content-Type": "application/atom+xml"})
    assert ask(site, "/feed", If_None_Match='"1"')[0].status == 304
    assert ask(site, "/feed", If_None_Match='"0"')[0].status == 200
    assert [request.status for request in site.requests("/feed")] == [304, 200]


def test_requests_can_be_awaited(site: Site) -> None:
    site.set("/hook", "", status=204)
    caller = threading.Thread(target=ask, args=(site, "/hook", "POST"))
    caller.start()
    [request] = site.wait_for(1, "/hook")
    caller.join()
    assert (request.method, request.status) == ("POST", 204)
    with pytest.raises(TimeoutError, match="1 of 2 requests"):
        site.wait_for(2, timeout=0.01)

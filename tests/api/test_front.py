"""What is repeated from memory is what Django would say, byte for byte, and never older."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from api.front import CachedReads
from api.standings import FRESH_SECONDS, Standings
from campaigns.versions import settle_data_version
from companies.models import Company
from tests.api.factories import RESOURCES, make_world
from tests.api.fronting import HOST, NOON, Clock, Counting, Sent, ask
from tests.api.tokens import make_token
from tests.factories import make_company

pytestmark = pytest.mark.django_db
# Within one transaction, the version advances once only.
committing = pytest.mark.django_db(transaction=True)

ENCODINGS = ("", "gzip", "gzip;q=0.5, br")


@pytest.fixture(autouse=True)
def lasting_connection() -> Iterator[None]:
    """Keep the connection of this thread between requests, as Django's test client does."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def django() -> Counting:
    return Counting()


@pytest.fixture
def front(django: Counting, clock: Clock) -> CachedReads:
    return CachedReads(django, Standings(10_000_000, clock=clock, now=clock))


@pytest.fixture
def slow(clock: Clock) -> CachedReads:
    """The same without a memory."""
    return CachedReads(Counting(), Standings(0, clock=clock, now=clock))


def addresses() -> list[str]:
    lists = [f"/api/v1/{resource}/" for resource in RESOURCES if resource != "sources"]
    pages = [f"{address}?limit=1" for address in lists]
    return ["/api/v1/companies/1/x/", "/api/v1/companies/?nonsense=1", *lists, *pages]


def undated(sent: Sent) -> Sent:
    """What was sent, but for the date: who remembers nothing cannot date anything."""
    headers = [header for header in sent.headers if header[0] != "Last-Modified"]
    return Sent(sent.status, headers, sent.body)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_is_repeated_equals_what_is_made_anew(
    front: CachedReads, slow: CachedReads, django: Counting, clock: Clock, encoding: str
) -> None:
    world = make_world()
    rows = {name: row for name, row in world.rows().items() if name != "sources"}
    details = [f"/api/v1/{resource}/{row.pk}/" for resource, row in rows.items()]
    everything = [*addresses(), *details]
    for moment, asked_for in ((NOON, everything[:4]), (NOON + 5, everything)):
        clock.seconds = moment
        for address in asked_for:
            accept = {"accept": "application/json", "accept_encoding": encoding}
            first = ask(front, address, **accept)
            asked = django.asked
            again = ask(front, address, **accept)
            made = ask(slow, address, **accept)
            assert first == again
            assert undated(again) == made
            is_kept = made.status == "200 OK"
            assert (django.asked == asked) is is_kept
            head = ask(front, address, "HEAD", **accept)
            assert (head.status, head.headers, head.body) == (again.status, again.headers, b"")
            if not is_kept:
                continue
            for tags, status in ((made["etag"], "304"), ('"no", W/"x"', "200")):
                told = ask(front, address, **accept, if_none_match=tags or "")
                assert undated(told) == ask(slow, address, **accept, if_none_match=tags or "")
                assert told.status.startswith(status)


def test_a_304_has_what_a_cache_must_know_and_nothing_about_a_body(front: CachedReads) -> None:
    make_company()
    _token, secret = make_token()
    etag = ask(front, "/api/v1/companies/")["etag"]
    assert etag is not None
    for headers in ({}, {"authorization": f"Bearer {secret}"}):
        told = ask(front, "/api/v1/companies/", if_none_match=etag, **headers)
        assert (told.status, told.body) == ("304 Not Modified", b"")
        names = {name.lower() for name, _value in told.headers}
        assert {"etag", "vary", "cache-control", "access-control-allow-origin"} <= names
        assert not {"content-length", "content-type", "content-encoding"} & names


def test_where_the_limit_stands_is_told_once_and_not_repeated_from_memory(
    front: CachedReads, settings: Settings
) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 600
    make_company()
    counted, refused, repeated = (
        {name.lower() for name, _value in ask(front, address).headers}
        for address in ("/api/v1/companies/", "/api/v1/companies/?x=1", "/api/v1/companies/")
    )
    assert {"ratelimit", "ratelimit-policy"} <= counted & refused
    assert not {"ratelimit", "ratelimit-policy"} & repeated


def test_a_condition_on_a_miss_does_not_keep_a_304_for_others(front: CachedReads) -> None:
    make_company()
    address = "/api/v1/companies/"
    assert ask(front, address, if_none_match="*").status == "304 Not Modified"
    assert ask(front, address).status == "200 OK"


def test_a_bad_host_is_refused_although_the_answer_is_known(front: CachedReads) -> None:
    make_company()
    for host, status in ((HOST, "200 OK"), ("evil.test", "400 Bad Request"), (HOST, "200 OK")):
        assert ask(front, "/api/v1/companies/", host=host).status == status


def test_what_is_to_be_redirected_to_https_is_not_answered(
    settings: Settings, clock: Clock
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    front = CachedReads(WSGIHandler(), Standings(10_000_000, clock=clock, now=clock))
    address = "/api/v1/companies/"
    assert ask(front, address, x_forwarded_proto="https").status == "200 OK"
    assert ask(front, address, x_forwarded_proto="http").status == "301 Moved Permanently"
    assert ask(front, address).status == "301 Moved Permanently"


def test_whoever_says_who_he_is_is_answered_by_django(front: CachedReads, django: Counting) -> None:
    make_company()
    _token, secret = make_token()
    for _ in range(2):
        answer = ask(front, "/api/v1/companies/", authorization=f"Bearer {secret}")
        assert (answer["cache-control"] or "").startswith("private")
    ask(front, "/api/v1/companies/")
    assert django.asked == 3


def test_the_health_of_sources_is_never_repeated(front: CachedReads, django: Counting) -> None:
    make_world()
    for _ in range(2):
        assert ask(front, "/api/v1/sources/").status == "200 OK"
    assert django.asked == 2


def test_a_hit_costs_one_query_per_50_ms(front: CachedReads, clock: Clock) -> None:
    make_company()
    ask(front, "/api/v1/companies/")
    with CaptureQueriesContext(connection) as queries:
        for _ in range(10):
            ask(front, "/api/v1/companies/")
        assert len(queries) == 0
        clock.seconds += FRESH_SECONDS + 0.001
        ask(front, "/api/v1/companies/")
        assert len(queries) == 1


def test_a_database_that_does_not_answer_is_passed_by(clock: Clock, django: Counting) -> None:
    make_company()

    def read() -> str:
        raise OperationalError

    front = CachedReads(django, Standings(10_000_000, read=read, clock=clock, now=clock))
    for _ in range(2):
        answer = ask(front, "/api/v1/companies/")
        assert (answer.status, answer["last-modified"]) == ("200 OK", None)
    assert django.asked == 2


@committing
def test_an_answer_that_was_overtaken_while_rendered_is_not_given_out_as_the_new_one(
    clock: Clock,
) -> None:
    """Django reads the old data, then a commit comes, then the answer is kept."""
    company = make_world().company
    handler = WSGIHandler()
    overtake: list[Callable[[], object]] = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = handler(environ, start_response)
        if overtake:
            overtake.pop()()
        return body

    front = CachedReads(application, Standings(10_000_000, clock=clock, now=clock))
    overtake.append(lambda: Company.objects.filter(pk=company.pk).update(name="New"))
    assert b"New" not in ask(front, "/api/v1/companies/").body
    clock.seconds += 0.1
    assert b"New" in ask(front, "/api/v1/companies/").body


@committing
def test_no_reader_sees_what_is_older_than_100_ms(front: CachedReads, clock: Clock) -> None:
    """Readers in threads beside a writer; after each commit and 100 ms, all answers are new."""
    company = make_world().company
    stop = threading.Event()

    def read_on() -> int:
        reads = 0
        while not stop.is_set():
            reads += ask(front, "/api/v1/companies/").status == "200 OK"
        connection.close()
        return reads

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read_on) for _ in range(3)]
        try:
            for number in range(1, 25):
                Company.objects.filter(pk=company.pk).update(name=f"Name {number}")
                if number % 3 == 0:
                    settle_data_version()
                clock.seconds += 0.1
                for _ in range(3):
                    assert f'"Name {number}"'.encode() in ask(front, "/api/v1/companies/").body
        finally:
            stop.set()
    assert all(reader.result() > 0 for reader in readers)

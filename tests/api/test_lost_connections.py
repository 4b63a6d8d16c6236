"""A connection that is kept between requests may be lost between them."""

import psycopg
import pytest
from django.db import connection
from django.test import Client

from tests.api.factories import get
from tests.factories import make_target

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.mark.parametrize("query", [{}, {"format": "csv"}])
def test_a_read_is_answered_on_a_new_connection(client: Client, query: dict[str, str]) -> None:
    target = make_target()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
    with psycopg.connect(**connection.get_connection_params() | {"context": None}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    connection.close_if_unusable_or_obsolete()  # as Django does between two requests

    answer = client.get("/api/v1/targets/", query)

    assert answer.status_code == 200
    body = b"".join(answer) if answer.streaming else answer.content
    assert f"/targets/{target.pk}/".encode() in body
    assert get(client, f"targets/{target.pk}/")["id"] == target.pk

"""The program in the guide to the API prints what the guide says."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import pytest
import time_machine
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from campaigns.services import load_story
from tests.docs.guide import HERE, code
from tests.factories import NOW


@pytest.mark.django_db(transaction=True)
def test_pandas_reads_the_log_and_prints_what_the_guide_says(
    live_server: LiveServer, settings: Settings
) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 0
    with time_machine.travel(NOW, tick=False), redirect_stdout(io.StringIO()) as printed:
        load_story(now=NOW)
        exec(code("python").replace(HERE, live_server.url), {})
    assert printed.getvalue() == code("text")

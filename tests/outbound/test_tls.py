"""TLS holds, or there is no answer."""

import asyncio
import ssl
from pathlib import Path

import pytest

from outbound.errors import Cause, FetchError
from tests.outbound.servers import fetch, redirect, reply, serve

# A certificate for localhost and 127.0.0.1 that nobody vouches for; its key protects nothing.
SELF_SIGNED = Path(__file__).with_name("self_signed.pem")


@pytest.fixture
def context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    return context


def test_a_certificate_that_nobody_vouches_for_is_a_tls_failure(context: ssl.SSLContext) -> None:
    async def visit() -> None:
        async with serve(reply(b"secret"), tls=context) as server:
            with pytest.raises(FetchError, match=r"\(certificate: self-signed") as caught:
                await fetch(f"https://127.0.0.1:{server.port}/")
            assert server.requests == []
        assert caught.value.cause is Cause.TLS

    asyncio.run(visit())


def test_so_it_is_behind_a_redirect(context: ssl.SSLContext) -> None:
    async def visit() -> None:
        async with serve(reply(b"secret"), tls=context) as server:
            async with serve(redirect(f"https://127.0.0.1:{server.port}/")) as plain:
                with pytest.raises(FetchError) as caught:
                    await fetch(plain.url)
            assert server.requests == []
        assert caught.value.cause is Cause.TLS

    asyncio.run(visit())

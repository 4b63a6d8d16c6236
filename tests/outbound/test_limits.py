from ipaddress import ip_network
from typing import Any

import pytest
from django.test import override_settings

from outbound.limits import Limits


def test_limits_come_from_the_settings() -> None:
    with override_settings(
        OUTBOUND_CONNECT_SECONDS=1.5,
        OUTBOUND_READ_SECONDS=2,
        OUTBOUND_TOTAL_SECONDS=3,
        OUTBOUND_MAX_BYTES=4,
        OUTBOUND_MAX_DECODED_BYTES=5,
        OUTBOUND_MAX_REDIRECTS=0,
        OUTBOUND_ALLOWED_NETWORKS=["127.0.0.0/8", "fd00::/8"],
        BASE_URL="https://followthrough.example",
        CONTACT_EMAIL="desk@followthrough.example",
    ):
        limits = Limits.from_settings()
    assert limits == Limits(
        connect_seconds=1.5,
        read_seconds=2,
        total_seconds=3,
        max_bytes=4,
        max_decoded_bytes=5,
        max_redirects=0,
        allowed_networks=(ip_network("127.0.0.0/8"), ip_network("fd00::/8")),
        user_agent="Followthrough/0.1 (+https://followthrough.example; desk@followthrough.example)",
    )


@pytest.mark.parametrize(
    ("base_url", "contact_email", "user_agent"),
    [
        ("", "", "Followthrough/0.1"),
        ("https://a.example", "", "Followthrough/0.1 (+https://a.example)"),
        ("", "a@a.example", "Followthrough/0.1 (a@a.example)"),
    ],
)
def test_the_user_agent_names_what_is_known(
    base_url: str, contact_email: str, user_agent: str
) -> None:
    with override_settings(BASE_URL=base_url, CONTACT_EMAIL=contact_email):
        assert Limits.from_settings().user_agent == user_agent


def test_a_network_that_is_none_is_an_error() -> None:
    with (
        override_settings(OUTBOUND_ALLOWED_NETWORKS=["localhost"]),
        pytest.raises(ValueError, match="localhost"),
    ):
        Limits.from_settings()


@pytest.mark.parametrize(
    "limit",
    [
        {"connect_seconds": 0},
        {"read_seconds": -1},
        {"total_seconds": float("nan")},
        {"max_bytes": 0},
        {"max_decoded_bytes": 0},
        {"max_header_bytes": 0},
        {"max_header_fields": 0},
        {"max_redirects": -1},
    ],
)
def test_a_limit_that_would_bound_nothing_is_an_error(limit: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(limit))):
        Limits(**limit)

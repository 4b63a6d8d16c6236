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
        OUTBOUND_MAX_HEADER_BYTES=6,
        OUTBOUND_MAX_HEADER_FIELDS=7,
        OUTBOUND_MAX_REDIRECTS=0,
        OUTBOUND_PROXY="http://proxy.example:3128",
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
        max_header_bytes=6,
        max_header_fields=7,
        max_redirects=0,
        proxy="http://proxy.example:3128",
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


def test_the_settings_are_the_limits_that_hold_without_any() -> None:
    contact = Limits.from_settings().user_agent
    assert Limits.from_settings() == Limits(user_agent=contact)
    assert Limits.from_settings().proxy is None


def test_an_answer_on_the_network_may_be_as_large_as_its_parts_together() -> None:
    limits = Limits(max_bytes=1000, max_header_bytes=10, max_header_fields=20)
    assert limits.max_wire_bytes == 1250 + 200

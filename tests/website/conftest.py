"""What tests of pages may ask for."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.fixture
def mail_program() -> Client:
    """Something that has no cookie and checks like a browser."""
    return Client(enforce_csrf_checks=True)

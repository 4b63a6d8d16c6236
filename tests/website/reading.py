"""How the tests read a page: what a person would see of it."""

from __future__ import annotations

from django.test import Client
from selectolax.lexbor import LexborHTMLParser


def read(client: Client, address: str, status: int = 200) -> LexborHTMLParser:
    """Get a page, which must answer with this status."""
    response = client.get(address)
    assert response.status_code == status
    return LexborHTMLParser(response.content)


def texts_of(page: LexborHTMLParser, selector: str) -> list[str]:
    """The text of each element, with single spaces."""
    return [" ".join(node.text(deep=True, separator=" ").split()) for node in page.css(selector)]


def text_of(page: LexborHTMLParser, selector: str = "main") -> str:
    """The text of the one element."""
    [text] = texts_of(page, selector)
    return text

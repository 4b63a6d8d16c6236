"""What the pages of the admin say."""

from typing import Any

from selectolax.lexbor import LexborHTMLParser


def errors(response: Any) -> dict[str, str]:
    """The errors that the page shows: by field, and by "" for those of the whole form."""
    page = LexborHTMLParser(response.content)
    return {
        (node.attributes.get("id") or "").removeprefix("id_").removesuffix("_error"): node.text()
        for node in page.css("ul.errorlist")
    }

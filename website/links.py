"""Addresses as they are shown: which may be followed, and how ours are written in full."""

from urllib.parse import urlsplit

from django.conf import settings


def absolute(path: str) -> str:
    """Return the full address of a path of this site, as given to people outside it."""
    return f"{settings.BASE_URL}{path}"


def is_web_address(url: str) -> bool:
    """Tell whether an address is http or https, and so may become a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)

"""Secrets that `make run` makes up once and keeps in files that only their owner can read."""

import os
import secrets
from pathlib import Path

from environ import ImproperlyConfigured

KEY_FILE = "secret-key"
"""Its name in `VAR_DIR`."""

_MISSING = (
    "SECRET_KEY is not set, and the key that `make run` keeps ({path}) {found}: "
    "run `make run` once, or set SECRET_KEY (see docs/settings.md)."
)


def write_secret(path: Path, text: str) -> None:
    """Put `text` into a file of mode 600, whole or not at all."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def secret_key(path: Path) -> str:
    """The key kept in `path`, made up if there is none."""
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(50) + "\n")
    return path.read_text().strip()


def kept_secret_key(path: Path) -> str:
    """The key that `make run` keeps in `path`; none is made up.

    Raises:
        ImproperlyConfigured: there is none, or it is not ours to read; one line says what to do.
    """
    try:
        key = path.read_text().strip()
    except OSError as error:
        found = "cannot be read" if path.exists() else "is not there"
        raise ImproperlyConfigured(_MISSING.format(path=path, found=found)) from error
    if not key:
        raise ImproperlyConfigured(_MISSING.format(path=path, found="is empty"))
    return key

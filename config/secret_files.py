"""Secrets that `make run` makes up once and keeps in files that only their owner can read."""

import os
import secrets
from pathlib import Path


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

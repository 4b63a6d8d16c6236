"""The kept copies: what answers held, byte for byte, found again by their hash.

A copy is stored compressed under ``EVIDENCE_DIR/ab/cd/abcd….gz``, named after the SHA-256 of the
raw bytes (FIPS 180-4, in lower-case hex). It is written under a temporary name, synced, and
renamed, so that a name never stands for half a file.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tempfile
import zlib
from pathlib import Path

from django.conf import settings

_HASH = re.compile(r"[0-9a-f]{64}")
_LEVEL = 5
"""Of compression: at 9 a page is 2 % smaller, and takes twice the time."""


class EvidenceError(Exception):
    """A copy could not be given back. ``str()`` is a sentence for the user."""


class MissingEvidence(EvidenceError):
    """No copy is kept under this hash."""


class DamagedEvidence(EvidenceError):
    """What is kept under this hash is not what was stored."""


def put(body: bytes) -> str:
    """Keep the bytes and return their hash; storing the same bytes again changes nothing.

    Raises:
        OSError: they could not be written; nothing is kept under their hash.
    """
    content_hash = hashlib.sha256(body).hexdigest()
    path = path_of(content_hash)
    if path.exists():
        return content_hash
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(gzip.compress(body, _LEVEL, mtime=0))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return content_hash


def get(content_hash: str) -> bytes:
    """Return the bytes that were stored under a hash.

    Raises:
        MissingEvidence: nothing is kept under it, or it is no hash.
        DamagedEvidence: the kept copy does not have this hash any more.
    """
    if not _HASH.fullmatch(content_hash):
        raise MissingEvidence(f"“{content_hash[:80]}” is not a SHA-256 hash.")
    try:
        body = gzip.decompress(path_of(content_hash).read_bytes())
    except FileNotFoundError:
        raise MissingEvidence(f"No copy is kept under {content_hash}.") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DamagedEvidence(f"The copy kept under {content_hash} cannot be read.") from error
    if hashlib.sha256(body).hexdigest() != content_hash:
        raise DamagedEvidence(f"The copy kept under {content_hash} is not the one stored.")
    return body


def remove(content_hash: str) -> None:
    """Delete the copy with this hash; that there is none does not matter."""
    path_of(content_hash).unlink(missing_ok=True)


def path_of(content_hash: str) -> Path:
    """Return where the copy with this hash is kept, whether or not there is one."""
    folder = Path(settings.EVIDENCE_DIR) / content_hash[:2] / content_hash[2:4]
    return folder / f"{content_hash}.gz"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Bring `var/` up to date before `make run` serves it: tables, story, static files, first login.

A program of its own (`python -m config.prepare`), so that the supervisor stays without Django. It
may be run any number of times, and is quick when there is nothing to do.
"""

import hashlib
import os
import secrets
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from config.secret_files import write_secret


def main() -> None:
    """Do all of it, saying what was done."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_story", "--if-empty")
    if collect_static(Path(settings.VAR_DIR) / "static.fingerprint"):
        sys.stdout.write("Static files collected.\n")
    if make_first_login(Path(settings.VAR_DIR) / "first-login.txt"):
        sys.stdout.write("First login made.\n")


def collect_static(mark: Path) -> bool:
    """Collect static files unless none changed since `mark` was written; tell whether it did."""
    fingerprint = _fingerprint_of_static_files()
    if mark.exists() and mark.read_text() == fingerprint:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(fingerprint)
    return True


def make_first_login(path: Path) -> bool:
    """Unless there is a superuser, create `admin` with a random password kept in `path`."""
    users = get_user_model()._default_manager
    if users.filter(is_superuser=True).exists():
        return False
    password = secrets.token_urlsafe(12)
    write_secret(path, f"user:     admin\npassword: {password}\n")
    users.create_superuser("admin", password=password)
    return True


def _fingerprint_of_static_files() -> str:
    digest = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()

"""Gives each of several test processes a copy of one migrated database.

To migrate costs more than a hundred tests: the first process that needs a database does it, and
the others wait for that and copy what came of it, by Django's own means.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

COPY = "migrated"
"""What the name of the database that is copied ends in; nobody is ever connected to it."""


@contextmanager
def migrated_once(note: Path, process: str) -> Iterator[None]:
    """Let `create_test_db` migrate, or copy what another process migrated.

    Args:
        note: a file of all processes, which says what is to be copied.
        process: the name of this one.
    """
    creation = connection.creation
    migrate = creation.create_test_db

    def create_test_db(**options: Any) -> str:
        with note.open("a+") as file:
            flock(file, LOCK_EX)
            file.seek(0)
            if source := file.read():
                connection.settings_dict["NAME"] = source
                creation.clone_test_db(suffix=process, verbosity=0, autoclobber=True)
                connection.settings_dict.update(creation.get_test_db_clone_settings(process))
            else:
                migrate(**options)
                connection.close()
                creation.clone_test_db(suffix=COPY, verbosity=0, autoclobber=True)
                file.write(creation.get_test_db_clone_settings(COPY)["NAME"])
        return str(connection.settings_dict["NAME"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(creation, "create_test_db", create_test_db)
        yield

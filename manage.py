#!/usr/bin/env python3
"""Django's command line: `.venv/bin/python manage.py help` lists what this project can do."""

import os
import secrets
import sys

try:
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
except ModuleNotFoundError as error:
    sys.exit(
        f"{error.name} is not installed for this Python: "
        "run `make install` once, then .venv/bin/python manage.py"
    )

NEED_NO_SECRET = frozenset({"detect", "backtest", "help", "--help", "-h"})
"""These sign nothing and open no database: without a secret they get one that ends with them."""


def main() -> int:
    """Run a command. Returns 1, having said why in one line, if the settings cannot be read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if NEED_NO_SECRET.intersection(sys.argv[1:2]) and not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)
    try:
        settings.INSTALLED_APPS  # noqa: B018 - reads the settings
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        return 1
    execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())

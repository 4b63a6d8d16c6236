"""A member of the staff at work in the admin."""

from __future__ import annotations

from django.contrib.auth.models import User
from playwright.sync_api import Page


def log_in(page: Page) -> User:
    """Log in as a superuser, by the form."""
    user = User.objects.create_superuser("ada", "ada@example.org", "a long password")
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Log in").click()
    return user


def complaints_of(page: Page) -> list[str]:
    """What the browser complains of from now on: errors and breaches of the policy."""
    heard: list[str] = []
    page.context.on("console", lambda message: heard.append(message.text))
    page.context.on("weberror", lambda error: heard.append(str(error.error)))
    return heard

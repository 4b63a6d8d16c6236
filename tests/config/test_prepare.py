"""What `make run` does to `var/` before it serves."""

import os
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.test import RequestFactory
from pytest_django import Settings

from config.prepare import collect_static, make_first_login
from config.secret_files import secret_key, write_secret


@pytest.mark.django_db
def test_the_first_login_works_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "first-login.txt"
    assert make_first_login(path)
    user, password = path.read_text().split()[1::2]
    found = authenticate(RequestFactory().post("/admin/login/"), username=user, password=password)
    assert isinstance(found, User)
    assert found.is_superuser
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_no_login_is_made_where_somebody_can_already_sign_in(tmp_path: Path) -> None:
    User.objects.create_superuser("editor", password="chosen")
    assert not make_first_login(tmp_path / "first-login.txt")
    assert list(tmp_path.iterdir()) == []
    assert User.objects.count() == 1


def test_static_files_are_collected_again_only_when_one_changed(
    tmp_path: Path, settings: Settings
) -> None:
    source, root, mark = tmp_path / "source", tmp_path / "root", tmp_path / "mark"
    source.mkdir()
    (source / "site.css").write_text("a {}")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = root

    assert collect_static(mark)
    assert (root / "site.css").read_text() == "a {}"
    assert not collect_static(mark)
    (source / "site.css").write_text("a { color: red }")
    os.utime(source / "site.css", (4e9, 4e9))  # Django tells newer from older by the second
    assert collect_static(mark)
    assert (root / "site.css").read_text() == "a { color: red }"


def test_static_files_are_collected_again_when_they_go_elsewhere(
    tmp_path: Path, settings: Settings
) -> None:
    settings.STATICFILES_FINDERS = []
    settings.STATIC_ROOT = tmp_path / "root"
    assert collect_static(tmp_path / "mark")
    settings.STATIC_ROOT = tmp_path / "elsewhere"
    assert collect_static(tmp_path / "mark")


def test_a_secret_replaces_the_one_before_and_stays_private(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("readable by all")
    path.chmod(0o644)
    write_secret(path, "new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_the_secret_key_is_made_once(tmp_path: Path) -> None:
    key = secret_key(tmp_path / "secret-key")
    assert len(key) >= 50
    assert secret_key(tmp_path / "secret-key") == key
    assert secret_key(tmp_path / "other-key") != key

"""The documentation says what is true."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
SOURCE = "".join(
    (ROOT / "config" / name).read_text(encoding="utf-8") for name in ("settings.py", "databases.py")
)
MARKDOWN = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_setting_is_in_the_table_and_the_table_has_no_other() -> None:
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", SOURCE))
    documented = set(re.findall(r"^\| `([A-Z_]+)`", SETTINGS, re.MULTILINE))

    assert read - documented == {"TEST_SQLITE_FILE"}
    assert documented - read == set()


def test_the_defaults_in_the_table_are_those_of_the_code() -> None:
    numbers = re.findall(r"env\.(?:float|int)\(\s*\"([A-Z_]+)\", default=([\d_.]+)", SOURCE)

    assert len(numbers) >= 8
    for name, value in numbers:
        shown = re.search(rf"^\| `{name}` \| `([\d.]+)`", SETTINGS, re.MULTILINE)
        assert shown is not None, name
        assert float(shown[1]) == float(value.replace("_", "")), name


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for address in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if not address.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / address).exists(), address


def test_the_readme_names_no_make_target_that_does_not_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`(?:\w+=\S+ )?make ([a-z-]+)`", (ROOT / "README.md").read_text()))

    assert named
    assert named <= targets

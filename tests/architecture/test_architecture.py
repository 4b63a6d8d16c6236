"""Promises about the code as a whole that no single test of behaviour could keep.

What imports what is checked by import-linter; here is what it cannot see.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("alerts", "api", "campaigns", "companies", "config", "outbound", "sources", "website")
MODULES = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
THE_WRITER = ROOT / "campaigns" / "services" / "rebuilding.py"
DERIVED = {"status", "status_since", "status_precision"}
REASONED = {
    # Eleven arguments and the twelve columns that they become: one call, one row, in one place.
    "record_status_change",
}
CONNECTING = {"http.client", "socket", "urllib.request"}


def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def imports(module: Path) -> Iterator[str]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def writes_of_status(module: Path) -> Iterator[str]:
    """Assignments to a status, and updates of one by queryset."""
    knows_targets = any(name.endswith(".Target") for name in imports(module))
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in DERIVED:
                    yield f"{module.name}:{node.lineno} assigns {target.attr}"
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {
            "update",
            "update_or_create",
        }:
            for keyword in node.keywords:
                # Columns that are only known at run time could be these.
                if keyword.arg in DERIVED or (keyword.arg is None and knows_targets):
                    yield f"{module.name}:{node.lineno} updates {keyword.arg or 'anything'}"
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "bulk_update":
            yield f"{module.name}:{node.lineno} updates in bulk"


def test_a_status_is_written_by_the_one_writer_only() -> None:
    found = [
        line for module in MODULES if module != THE_WRITER for line in writes_of_status(module)
    ]

    assert found == []


def test_that_test_would_see_another_writer(tmp_path: Path) -> None:
    module = tmp_path / "offender.py"
    module.write_text(
        "from campaigns.models import Target\n"
        "target.status = 'met'\n"
        "Targets.filter(pk=1).update(status='met')\n"
        "Targets.filter(pk=1).update(**columns)\n"
        "Targets.bulk_update([target], ['status'])\n"
    )

    assert [line.split(" ", 1)[1] for line in writes_of_status(module)] == [
        "assigns status",
        "updates status",
        "updates anything",
        "updates in bulk",
    ]


@pytest.mark.parametrize("app", sorted(set(APPS) - {"config", "outbound"}))
def test_no_app_opens_a_connection_by_itself(app: str) -> None:
    offenders = {
        str(module.relative_to(ROOT)): sorted(CONNECTING & set(imports(module)))
        for module in MODULES
        if module.is_relative_to(ROOT / app) and CONNECTING & set(imports(module))
    }

    assert offenders == {}


def test_services_and_pure_modules_never_read_the_clock() -> None:
    offenders = [
        f"{module.relative_to(ROOT)}:{node.lineno}"
        for module in MODULES
        if "services" in module.parts or module.name in {"timeline.py", "scheduling.py"}
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today", "localdate"}
        and getattr(node.value, "id", "") in {"timezone", "datetime", "date", "dt", "time"}
    ]

    assert offenders == []


def lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its lines without the docstring, which is for reading and may take its room."""
    first = function.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if is_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_no_file_is_longer_than_three_hundred_lines_and_no_function_than_forty() -> None:
    long_files = [
        str(module.relative_to(ROOT))
        for module in MODULES
        if len(module.read_text(encoding="utf-8").splitlines()) > 300
    ]
    long_functions = [
        f"{module.relative_to(ROOT)}:{node.lineno} {node.name}"
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and lines_of_code(node) > 40
        and node.name not in REASONED
    ]

    assert long_files == []
    assert long_functions == []

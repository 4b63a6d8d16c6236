"""Promises about the code as a whole that no single test of behaviour could keep.

What imports what is checked by import-linter; here is what it cannot see.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "accounts",
    "alerts",
    "api",
    "campaigns",
    "companies",
    "config",
    "outbound",
    "sources",
    "website",
)
MODULES = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SERVICES = ROOT / "campaigns" / "services"


@dataclass(frozen=True)
class Guarded:
    """Columns of a model that one module writes, once the row is there."""

    model: str
    columns: frozenset[str]
    writer: Path


STATUS = Guarded(
    "Target", frozenset({"status", "status_since", "status_precision"}), SERVICES / "rebuilding.py"
)
PUBLICATION = Guarded("Campaign", frozenset({"published_at"}), SERVICES / "publishing.py")
NAMESAKES = {
    # A bill has a status, too. Who assigns that one must not so much as know a target.
    ROOT / "sources" / "services" / "bill_records.py",
}


def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def imports(module: Path) -> Iterator[str]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def writes(module: Path, guarded: Guarded) -> Iterator[str]:
    """Assignments to a guarded column, and whatever else could write it to rows that exist."""
    knows_model = any(name.endswith(f".{guarded.model}") for name in imports(module))
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in guarded.columns:
                    yield f"{module.name}:{node.lineno} assigns {target.attr}"
        elif isinstance(node, ast.Call):
            for found in writes_by_call(node, guarded, knows_model=knows_model):
                yield f"{module.name}:{node.lineno} {found}"


def writes_by_call(call: ast.Call, guarded: Guarded, *, knows_model: bool) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in {"update", "aupdate", "update_or_create", "aupdate_or_create"}:
        for keyword in call.keywords:
            # Columns that are only known at run time could be these.
            if keyword.arg in guarded.columns or (keyword.arg is None and knows_model):
                yield f"updates {keyword.arg or 'anything'}"
            elif keyword.arg in {"defaults", "create_defaults"}:
                yield from (f"updates {column}" for column in named(keyword.value, guarded))
    elif name in {"bulk_update", "abulk_update"} and not is_of_another(call, guarded):
        yield "updates in bulk"
    elif name in {"save", "asave"}:
        for keyword in call.keywords:
            if keyword.arg == "update_fields":
                yield from (f"saves {column}" for column in named(keyword.value, guarded))
    elif name == "setattr" and len(call.args) > 1:
        yield from (f"sets {column}" for column in named(call.args[1], guarded))


def is_of_another(call: ast.Call, guarded: Guarded) -> bool:
    """Whether it is a call of ``Model.objects`` of a model that is not the guarded one."""
    manager = call.func.value if isinstance(call.func, ast.Attribute) else None
    model = manager.value if isinstance(manager, ast.Attribute) else None
    return isinstance(model, ast.Name) and model.id[0].isupper() and model.id != guarded.model


def named(value: ast.expr, guarded: Guarded) -> Iterator[str]:
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and node.value in guarded.columns:
            yield str(node.value)


@pytest.mark.parametrize("guarded", [STATUS, PUBLICATION], ids=["status", "publication"])
def test_what_is_guarded_is_written_by_its_one_writer_only(guarded: Guarded) -> None:
    found = [
        line
        for module in MODULES
        if module not in {guarded.writer, *NAMESAKES}
        for line in writes(module, guarded)
    ]

    assert found == []


@pytest.mark.parametrize("module", sorted(NAMESAKES))
def test_who_assigns_columns_of_the_same_name_knows_no_guarded_model(module: Path) -> None:
    models = {STATUS.model, PUBLICATION.model}
    assert not {name for name in imports(module) if name.rpartition(".")[2] in models}


def test_the_one_writer_of_publication_is_seen_to_write_it() -> None:
    assert {line.split(" ", 1)[1] for line in writes(PUBLICATION.writer, PUBLICATION)} == {
        "assigns published_at",
        "saves published_at",
    }


def test_that_test_would_see_another_writer(tmp_path: Path) -> None:
    module = tmp_path / "offender.py"
    module.write_text(
        "from campaigns.models import Target\n"
        "target.status = 'met'\n"
        "Targets.filter(pk=1).update(status='met')\n"
        "Targets.filter(pk=1).update(**columns)\n"
        "Targets.bulk_update([target], ['status'])\n"
        "Targets.update_or_create(pk=1, defaults={'status': 'met'})\n"
        "target.save(update_fields=['status'])\n"
        "setattr(target, 'status', 'met')\n"
    )

    assert [line.split(" ", 1)[1] for line in writes(module, STATUS)] == [
        "assigns status",
        "updates status",
        "updates anything",
        "updates in bulk",
        "updates status",
        "saves status",
        "sets status",
    ]


@pytest.mark.parametrize(
    ("model", "writer"),
    [
        ("StatusChange", SERVICES / "recording.py"),
        ("FeedEntry", SERVICES / "feed.py"),
    ],
)
def test_a_row_of_the_log_or_of_the_feed_is_made_by_its_one_writer_only(
    model: str, writer: Path
) -> None:
    makers = {
        module
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and makes(node, model)
    }

    assert makers == {writer}


def makes(call: ast.Call, model: str) -> bool:
    called = ast.unparse(call.func)
    return called == model or (
        called.startswith(f"{model}.") and called.rpartition(".")[2].endswith("create")
    )


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
        for module in (*MODULES, *TESTS)
        if len(module.read_text(encoding="utf-8").splitlines()) > 300
    ]
    long_functions = [
        f"{module.relative_to(ROOT)}:{node.lineno} {node.name}"
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of_code(node) > 40
    ]

    assert long_files == []
    assert long_functions == []

"""An export of a small record."""

from pathlib import Path

import pytest

from tests.api.export.exporting import export, make_record


@pytest.fixture
def exported(transactional_db: None, tmp_path: Path) -> Path:
    """Where readers find the export."""
    make_record()
    export(tmp_path / "data")
    return tmp_path / "data"

"""The rules see the real tree: a breach planted in a copy of it is found among the code that is really there."""

import shutil
from pathlib import Path

import pytest

from tests.architecture.planting import ROOT, lint_imports
from tools.house_rules.check import check
from tools.house_rules.rules.tenants import owned_models
from tools.house_rules.source import read_tree


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_import_contracts_hold_for_the_project_and_break_on_a_plant(copy: Path) -> None:
    clean = lint_imports(copy)
    assert clean.exit_code == 0, clean.output

    (copy / "src/careline/kernel/shortcut.py").write_text("import careline.infra.database.database\n", encoding="utf-8")
    planted = lint_imports(copy)

    assert planted.exit_code == 1
    assert "careline.kernel.shortcut" in planted.output


@pytest.mark.slow
def test_the_real_models_are_known_to_be_tenants(copy: Path) -> None:
    owned = owned_models(read_tree(ROOT))
    assert {"EventRow", "TenantOwned"} <= owned
    assert "CursorRow" not in owned

    peek = "from sqlalchemy import select\nfrom careline.infra.database.models import EventRow\nx = select(EventRow)\n"
    (copy / "src/careline/infra/database/peek.py").write_text(peek, encoding="utf-8")

    found = [one for one in check(copy) if one.path.name == "peek.py"]
    assert [(one.rule, one.line) for one in found] == [("tenant-filter", 3)]

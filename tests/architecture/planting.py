"""Small trees of source to plant a breach in, so that the real tree is never touched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PARAGRAPH = '"""Owns one small thing, so that a rule can be tried on it; promises and publishes nothing."""\n'


def grow(where: Path, files: Mapping[str, str]) -> Path:
    """Write ``files`` under ``where``, and an ``__init__`` with its paragraph in every package above them."""
    for name, text in files.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        folder = path.parent
        while path.suffix == ".py" and folder.name != "src" and folder != where:
            init = folder / "__init__.py"
            if not init.exists():
                init.write_text(PARAGRAPH, encoding="utf-8")
            folder = folder.parent
    return where


@dataclass(frozen=True)
class ContractRun:
    """What ``lint-imports`` said, and the names of the contracts that broke."""

    exit_code: int
    output: str
    broken: frozenset[str]


def lint_imports(tree: Path) -> ContractRun:
    """Run the project's own contracts on the ``src`` under ``tree``, without a cache."""
    shutil.copy(ROOT / "pyproject.toml", tree)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tree / "src"), str(ROOT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "COLUMNS": "400",  # one line for each contract, however long its name
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as run; run()",
            "--no-cache",
            "--no-logo",
        ],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    output = done.stdout + done.stderr
    broken = frozenset(
        line.removesuffix("BROKEN").strip() for line in output.splitlines() if line.rstrip().endswith("BROKEN")
    )
    return ContractRun(done.returncode, output, broken)

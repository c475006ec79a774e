"""``python -m benchmarks [name …]``: runs the scripts, each in a process of its own with its own limit of time."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.harness import note

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "artifacts" / "benchmarks.jsonl"
_NOT_SCRIPTS = {"__init__", "__main__", "harness"}


def scripts() -> list[str]:
    """Every module here that says how long it may take."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in _NOT_SCRIPTS)
    return [name for name in names if hasattr(importlib.import_module(f"benchmarks.{name}"), "LIMIT_S")]


def run(name: str) -> list[str]:
    """The figures of one script as they are printed. Raises ``TimeoutExpired`` or ``CalledProcessError``."""
    limit = importlib.import_module(f"benchmarks.{name}").LIMIT_S
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}"],
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=limit,
        check=True,
    )
    sys.stdout.write(done.stdout)
    sys.stdout.flush()
    return done.stdout.splitlines()


def main(names: list[str]) -> int:
    """Run those named, or all; 0 when every one of them ended well."""
    known = scripts()
    if unknown := set(names) - set(known):
        note(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        return 2
    failed = 0
    lines = []
    for name in names or known:
        try:
            lines += run(name)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as failure:
            note(f"{name}: {failure}")
            failed = 1
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

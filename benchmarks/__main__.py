"""``python -m benchmarks [--record] [name …]``: runs the scripts, each in a process of its own with a limit of time.

Figures go to standard output and artifacts/benchmarks.jsonl as JSON lines, and in words to standard error at the end;
with ``--record`` they also go into the tables of docs/performance.md.
"""

import argparse
import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.harness import note
from benchmarks.table import conditions, record, summary

ROOT = Path(__file__).parents[1]
PAGE = Path("docs") / "performance.md"
FIGURES = Path("artifacts") / "benchmarks.jsonl"
END_WITHIN_S = 20
_NOT_SCRIPTS = {"__init__", "__main__"}


def scripts() -> dict[str, float]:
    """Every module here that says how long it may take, with its limit in seconds."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in _NOT_SCRIPTS)
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in names}
    return {name: module.LIMIT_S for name, module in modules.items() if hasattr(module, "LIMIT_S")}


def run(name: str, limit_s: float, root: Path = ROOT) -> list[str]:
    """The figures of one script as they are printed. Raises ``TimeoutExpired`` or ``CalledProcessError``."""
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True) as script:
        try:
            said, _ = script.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            _stop(script)
            raise
    if script.returncode:
        raise subprocess.CalledProcessError(script.returncode, command)
    sys.stdout.write(said)
    sys.stdout.flush()
    return said.splitlines()


def _stop(script: subprocess.Popen[str]) -> None:
    """Interrupt it, so that it ends what it has started, an Asterisk for one; who does not listen is killed."""
    script.send_signal(signal.SIGINT)
    try:
        script.communicate(timeout=END_WITHIN_S)
    except subprocess.TimeoutExpired:
        script.kill()


def main(arguments: list[str], run: Callable[[str, float], list[str]] = run, root: Path = ROOT) -> int:
    """Run those named, or all; 0 when every one of them ended well. What failed leaves its table as it was."""
    known = scripts()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure what Careline claims.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of {', '.join(known)}; without a name, all")
    parser.add_argument("--record", action="store_true", help=f"write the figures into {PAGE}")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.names) - set(known):
        note(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        return 2
    failed = 0
    lines: list[str] = []
    for name in asked.names or known:
        measured = conditions(name, datetime.now(UTC), os.getloadavg()[0])
        try:
            figures = run(name, known[name])
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as failure:
            note(f"{name}: {failure}")
            failed = 1
            continue
        lines += figures
        if asked.record:
            record(root / PAGE, name, figures, measured)
    for line in lines:
        note(summary(line))
    (root / FIGURES).parent.mkdir(exist_ok=True)
    (root / FIGURES).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

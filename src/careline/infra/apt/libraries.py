"""Which shared libraries programs need, as the dynamic loader itself answers."""

import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from careline.kernel.errors import PermanentFailure

_FOUND = re.compile(r"^\s*\S+ => (/\S+)", re.MULTILINE)
_MISSING = re.compile(r"^\s*(\S+) => not found", re.MULTILINE)


def loader_in(folder: Path) -> Path:
    """The dynamic loader among the libraries of ``folder``."""
    found = sorted(folder.glob("ld-linux*.so.*"))
    if not found:
        raise PermanentFailure(f"no dynamic loader in {folder}")
    return found[0]


def needed_libraries(programs: Iterable[Path], loader: Path, search: Sequence[Path], root: Path) -> set[Path]:
    """Every library below ``root`` that one of ``programs`` (or of their libraries) is linked to, looked for
    in the folders of ``search`` before the machine's own.

    Raises ``PermanentFailure`` naming the library when one is not found: better now than at the first call.
    """
    needed: set[Path] = set()
    for program in programs:
        answer = subprocess.run(
            [str(loader), "--library-path", ":".join(map(str, search)), "--list", str(program)],
            capture_output=True,
            text=True,
            check=False,
        )
        missing = _MISSING.findall(answer.stdout)
        if missing:
            raise PermanentFailure(f"{program.name} needs {', '.join(missing)}, which its packages do not bring")
        needed.update(Path(path) for path in _FOUND.findall(answer.stdout) if Path(path).is_relative_to(root))
    return needed

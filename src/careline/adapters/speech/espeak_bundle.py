"""espeak-ng, the voice that every machine can have: the machine's own when it is installed, else our
bundle."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from careline.infra.apt.machine import this_machine
from careline.infra.apt.programs import Programs, find_programs, install_programs, library_env
from careline.kernel.errors import PermanentFailure


@dataclass(frozen=True)
class EspeakNg:
    """The program, and what to add to its environment."""

    binary: Path
    env: Mapping[str, str]


def locate_espeak(root: Path) -> EspeakNg:
    """The machine's espeak-ng, or the bundle below ``root``; raises ``PermanentFailure`` naming the way to
    it."""
    own = _of_the_machine(root)
    if own is not None:
        return own
    found = find_programs(root, _wanted())
    if found is None:
        raise PermanentFailure(
            f"espeak-ng is neither on the PATH nor in {root}: install it or run `careline voice install`"
        )
    return _of_the_bundle(found)


def install_espeak(root: Path, say: Callable[[str], None]) -> EspeakNg:
    """Bring espeak-ng to ``root`` unless there is one already; blocks. Raises ``PermanentFailure`` or
    ``TransientFailure``."""
    return _of_the_machine(root) or _of_the_bundle(install_programs(root, _wanted(), say))


def _of_the_machine(root: Path) -> EspeakNg | None:
    """What lies below ``root`` itself is a way to the bundle, and would lead round in a circle."""
    found = shutil.which("espeak-ng")
    return EspeakNg(Path(found), {}) if found and not Path(found).is_relative_to(root.absolute()) else None


def _wanted() -> Programs:
    data = f"usr/lib/{this_machine().triplet}/espeak-ng-data"
    return Programs(
        name="espeak-ng",
        packages=("espeak-ng", "espeak-ng-data"),
        kept=("usr/bin/espeak-ng", data),
        linked=("usr/bin/espeak-ng",),
        try_out=("usr/bin/espeak-ng", "--version"),
        proof="eSpeak NG",
        megabytes=12,
    )


def _of_the_bundle(found: Path) -> EspeakNg:
    data = found / "usr/lib" / this_machine().triplet
    return EspeakNg(found / "usr/bin/espeak-ng", {**library_env(found), "ESPEAK_DATA_PATH": str(data)})

"""Programs of the machine's own distribution as a folder: they run with the machine's loader and libc, and
with their other libraries from the folder.
"""

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from careline.infra.apt.bring import bring, upstream
from careline.infra.apt.bundle import build_bundle, content_key, find_bundle, locked
from careline.infra.apt.libraries import loader_in, needed_libraries
from careline.infra.apt.machine import this_machine
from careline.infra.apt.sources import OwnSources, Source
from careline.kernel.errors import PermanentFailure

_LAYOUT = 1
# The machine's libc must be the one that is loaded, as its loader is.
_LIBC = ("libc6", "libc-bin", "libc6-dev")


@dataclass(frozen=True)
class Programs:
    """What to bring. ``kept`` are patterns (as ``Path.glob``) of the files and folders that stay, at their
    places; the first package's version names the bundle. Of the kept files those that match ``linked`` are
    programs and plug-ins whose libraries are needed; a plug-in out of the common library folder comes along.
    ``try_out`` is the command that proves the bundle, its first word below the bundle; it must end with 0."""

    name: str
    packages: tuple[str, ...]
    kept: tuple[str, ...]
    linked: tuple[str, ...]
    try_out: tuple[str, ...]
    proof: str
    megabytes: int
    assume: tuple[str, ...] = ()
    sources: tuple[Source, ...] = field(default=(OwnSources(),))


def find_programs(root: Path, wanted: Programs) -> Path | None:
    """The folder of the installed bundle below ``root``, if any."""
    return find_bundle(root / wanted.name, _key(wanted))


def install_programs(root: Path, wanted: Programs, say: Callable[[str], None]) -> Path:
    """Bring the bundle to ``root`` unless it is there; blocks. Raises ``PermanentFailure`` or
    ``TransientFailure``."""
    found = find_programs(root, wanted)
    if found is None:
        with locked(root / wanted.name):
            found = find_programs(root, wanted)
            if found is None:
                say(f"bringing {wanted.name} (about {wanted.megabytes} MB, once)")
                found = build_bundle(root / wanted.name, _key(wanted), lambda aside: _build(root, aside, wanted))
    return found


def library_env(bundle: Path) -> Mapping[str, str]:
    """What a program of the bundle needs in its environment."""
    return {"LD_LIBRARY_PATH": str(bundle / "lib")}


def _key(wanted: Programs) -> str:
    machine = this_machine()
    sources = [source.name for source in wanted.sources]
    inputs = [*map(list, (wanted.packages, wanted.kept, wanted.linked, wanted.assume)), sources]
    return content_key(_LAYOUT, *inputs, machine.distribution, machine.codename, machine.architecture)


def _build(root: Path, aside: Path, wanted: Programs) -> Mapping[str, str]:
    unpacked = aside / "unpacked"
    versions = bring(root, wanted.sources, wanted.packages, unpacked, assume=(*_LIBC, *wanted.assume))
    programs = _matching(unpacked, wanted.linked)
    loader = loader_in(Path("/usr/lib") / this_machine().triplet)
    needed = needed_libraries(programs, loader, _library_folders(unpacked), unpacked)
    main = unpacked / "usr/lib" / this_machine().triplet
    (aside / "lib").mkdir()
    for library in {*needed, *(program for program in programs if program.parent == main)}:
        shutil.copy2(library, aside / "lib" / library.name)
    for place in _matching(unpacked, wanted.kept):
        target = aside / place.relative_to(unpacked)
        target.parent.mkdir(parents=True, exist_ok=True)
        place.rename(target)
    shutil.rmtree(unpacked)
    _try_out(aside, wanted)
    package = versions[wanted.packages[0]]
    return {"version": upstream(package), "package": package}


def _matching(folder: Path, patterns: Sequence[str]) -> list[Path]:
    found: list[Path] = []
    for pattern in patterns:
        matches = sorted(folder.glob(pattern))
        if not matches:
            raise PermanentFailure(f"the packages bring no {pattern}: they are laid out in another way than expected")
        found += matches
    return found


def _library_folders(unpacked: Path) -> Sequence[Path]:
    """The main folder first, then those of private libraries (PulseAudio keeps one)."""
    main = unpacked / "usr/lib" / this_machine().triplet
    private = {path.parent for path in main.glob("*/*.so*") if path.is_file()}
    return [main, *sorted(private)]


def _try_out(aside: Path, wanted: Programs) -> None:
    program, *arguments = wanted.try_out
    found = _matching(aside, [program])[0]
    answer = subprocess.run(
        [str(found), *arguments],
        env=dict(library_env(aside)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if wanted.proof not in answer.stdout:
        said = (answer.stdout.strip().splitlines() or [f"exit code {answer.returncode}"])[-1]
        raise PermanentFailure(f"the {wanted.name} that was brought does not run: {said}")

"""pocketsphinx with its model of American English, as the machine's own distribution has them."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from careline.infra.apt.programs import Programs, find_programs, install_programs, library_env
from careline.kernel.errors import PermanentFailure

_PROGRAM = "usr/bin/pocketsphinx_continuous"
_MODEL = "usr/share/pocketsphinx/model/en-us"
_WANTED = Programs(
    name="pocketsphinx",
    packages=("pocketsphinx", "pocketsphinx-en-us"),
    kept=(_PROGRAM, _MODEL),
    linked=(_PROGRAM,),
    try_out=(_PROGRAM,),
    proof="-infile",
    megabytes=40,
)


@dataclass(frozen=True)
class Pocketsphinx:
    """The program, the folder of its model, and what to add to its environment."""

    binary: Path
    model: Path
    env: Mapping[str, str]


def locate_pocketsphinx(root: Path) -> Pocketsphinx:
    """The machine's pocketsphinx, or the bundle below ``root``; raises ``PermanentFailure`` naming the way to it."""
    own, model = shutil.which("pocketsphinx_continuous"), Path("/") / _MODEL
    if own and model.is_dir() and not Path(own).is_relative_to(root.absolute()):
        return Pocketsphinx(Path(own), model, {})
    found = find_programs(root, _WANTED)
    if found is None:
        raise PermanentFailure(
            f"pocketsphinx is neither on this machine nor in {root}: run `careline voice install --recognition`"
        )
    return _of_the_bundle(found)


def install_pocketsphinx(root: Path, say: Callable[[str], None]) -> Pocketsphinx:
    """Bring pocketsphinx to ``root`` unless there is one already; blocks. Raises ``PermanentFailure`` or
    ``TransientFailure``."""
    try:
        return locate_pocketsphinx(root)
    except PermanentFailure:
        return _of_the_bundle(install_programs(root, _WANTED, say))


def _of_the_bundle(found: Path) -> Pocketsphinx:
    return Pocketsphinx(found / _PROGRAM, found / _MODEL, library_env(found))

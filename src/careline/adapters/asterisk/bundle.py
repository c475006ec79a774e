"""Asterisk as a folder: the program, the modules that we load and their libraries, of a newer Debian than the
machine's own. It runs through its own dynamic loader, unprivileged, with nothing installed.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from careline.infra.apt.bring import bring, upstream
from careline.infra.apt.bundle import build_bundle, content_key, find_bundle, locked, read_manifest
from careline.infra.apt.libraries import loader_in, needed_libraries
from careline.infra.apt.machine import this_machine
from careline.infra.apt.sources import DebianSuite
from careline.kernel.errors import PermanentFailure

# Debian's stable releases carry no Asterisk; testing does, and unstable when testing has dropped it.
SUITES = (DebianSuite("forky"), DebianSuite("sid"))
_LAYOUT = 2  # raise when the way the folder is laid out changes: old bundles are then built anew

# Needed only by modules that are not in modules.txt. Should one be needed after all, the build says so.
_LEFT_OUT = (
    "asterisk-core-sounds-en",
    "libasound2t64",
    "libcodec2-1.2",
    "libcurl4t64",
    "libgmime-3.0-0t64",
    "libical3t64",
    "libicu78",
    "libiksemel3",
    "libjack-jackd2-0",
    "libldap2",
    "liblua5.1-0",
    "libneon27t64",
    "libodbc2",
    "libpq5",
    "libportaudio2",
    "libradcli4",
    "libsnmp45",
    "libspandsp2t64",
    "libsybdb5",
    "libunbound8",
)

# Debian's libsrtp encrypts with Network Security Services, which open these when they start; without them
# res_srtp, and with it every browser phone, fails.
_LOADED_BY_NAME = ("libsoftokn3.so", "libfreeblpriv3.so")


@dataclass(frozen=True)
class AsteriskBundle:
    """Where everything lies. ``data_dir`` is Asterisk's ``astdatadir`` (its XML documentation is there);
    ``modules`` are the names that modules.conf is to load, without ``.so``."""

    root: Path
    version: str
    loader: Path
    library_path: Path
    binary: Path
    modules_dir: Path
    data_dir: Path
    modules: tuple[str, ...]

    def command(self, *arguments: str) -> list[str]:
        """The command line that runs Asterisk with ``arguments``."""
        return [
            str(self.loader),
            "--library-path",
            str(self.library_path),
            "--argv0",
            "asterisk",
            str(self.binary),
            *arguments,
        ]

    @property
    def env(self) -> Mapping[str, str]:
        """What to add to the environment: OpenSSL keeps to the bundle's files, not to those of another
        version on the machine; few malloc arenas, as memory fragments under load otherwise."""
        return {
            "OPENSSL_CONF": os.devnull,
            "OPENSSL_MODULES": str(self.library_path / "ossl-modules"),
            "MALLOC_ARENA_MAX": "2",
            "MALLOC_TRIM_THRESHOLD_": "131072",
        }


def listed_modules() -> tuple[str, ...]:
    """The names in modules.txt, in its order."""
    text = resources.files(__package__).joinpath("modules.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


def locate_bundle(root: Path) -> AsteriskBundle:
    """The installed bundle below ``root``; raises ``PermanentFailure`` naming the way to get it."""
    found = find_bundle(root / "asterisk", _key())
    if found is None:
        raise PermanentFailure(f"Asterisk is not installed in {root}: run `careline voice install`")
    return _bundle_at(found)


def install_bundle(root: Path, say: Callable[[str], None], *, renew: bool = False) -> AsteriskBundle:
    """Bring Asterisk to ``root`` unless it is there; takes 5–10 s and blocks. ``renew`` fetches the newest
    version again. ``say`` gets a line for people when there is something to wait for. Raises
    ``PermanentFailure`` or ``TransientFailure``."""
    folder = root / "asterisk"
    found = find_bundle(folder, _key())
    if found is None or renew:
        with locked(folder):
            found = None if renew else find_bundle(folder, _key())
            if found is None:
                say("bringing Asterisk (about 30 MB, once)")
                found = build_bundle(folder, _key(), lambda aside: _build(root, aside))
    return _bundle_at(found)


def _key() -> str:
    return content_key(_LAYOUT, list(listed_modules()), this_machine().architecture)


def _bundle_at(found: Path) -> AsteriskBundle:
    libraries = found / "lib"
    return AsteriskBundle(
        root=found,
        version=read_manifest(found)["version"],
        loader=loader_in(libraries),
        library_path=libraries,
        binary=found / "asterisk",
        modules_dir=found / "modules",
        data_dir=found / "data",
        modules=listed_modules(),
    )


def _build(root: Path, aside: Path) -> Mapping[str, str]:
    unpacked = aside / "unpacked"
    versions = bring(root, SUITES, ["asterisk", "asterisk-modules"], unpacked, assume=_LEFT_OUT)
    _select(unpacked, aside)
    shutil.rmtree(unpacked)
    _try_out(aside)
    return {"version": upstream(versions["asterisk"]), "package": versions["asterisk"]}


def _select(unpacked: Path, aside: Path) -> None:
    """Take out of the unpacked packages what we run; the rest (nine tenths) goes."""
    libraries = unpacked / "usr/lib" / this_machine().triplet
    binary = unpacked / "usr/sbin/asterisk"
    modules = [libraries / f"asterisk/modules/{name}.so" for name in listed_modules()]
    absent = [module.stem for module in modules if not module.is_file()]
    if absent:
        more = f" and {len(absent) - 5} more" if len(absent) > 5 else ""
        raise PermanentFailure(f"this Asterisk has no module {', '.join(absent[:5])}{more}, which modules.txt lists")
    for name in ("lib", "modules", "data"):
        (aside / name).mkdir()
    loader = loader_in(libraries)
    by_name = [libraries / name for name in _LOADED_BY_NAME]
    needed = needed_libraries([binary, *modules, *by_name], loader, [libraries], unpacked)
    for library in {*needed, *by_name}:
        shutil.copy2(library, aside / "lib" / library.name)
    shutil.copy2(loader, aside / "lib" / loader.name)
    if (libraries / "ossl-modules").is_dir():
        shutil.copytree(libraries / "ossl-modules", aside / "lib/ossl-modules")
    shutil.copy2(binary, aside / "asterisk")
    for module in modules:
        shutil.copy2(module, aside / "modules" / module.name)
    shutil.copytree(unpacked / "usr/share/asterisk/documentation", aside / "data/documentation")


def _try_out(aside: Path) -> None:
    command = [
        str(loader_in(aside / "lib")),
        "--library-path",
        str(aside / "lib"),
        str(aside / "asterisk"),
        "-V",
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode or not answer.stdout.startswith("Asterisk "):
        raise PermanentFailure(
            f"the Asterisk that was brought does not run: {(answer.stderr or answer.stdout).strip()}"
        )

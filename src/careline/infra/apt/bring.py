"""One call for all who need a program: download it with all it depends on, and unpack it into a folder."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from careline.infra.apt.bundle import locked
from careline.infra.apt.machine import this_machine
from careline.infra.apt.private import PackageAbsent, PrivateApt
from careline.infra.apt.sources import Source
from careline.infra.apt.unpack import Wanted, everything, unpack

# Packages that only the scripts of other packages need, or that every machine has: pretending that they are
# installed keeps them, and what hangs on them, out of every download. A name that a suite lacks does no harm.
NEVER_NEEDED = (
    "adduser",
    "base-passwd",
    "debconf",
    "dpkg",
    "init-system-helpers",
    "lsb-base",
    "passwd",
    "perl",
    "perl-base",
    "sensible-utils",
    "sysvinit-utils",
    "tzdata",
    "ucf",
    "xdg-utils",
)


def bring(
    root: Path,
    sources: Sequence[Source],
    packages: Sequence[str],
    into: Path,
    *,
    assume: Iterable[str] = (),
    wanted: Wanted = everything,
) -> Mapping[str, str]:
    """Unpack ``packages`` and what they need, from the first of ``sources`` that has them; answers the
    version of every unpacked package. apt's state lives below ``root/apt``."""
    machine = this_machine()
    for last, source in enumerate(sources, start=1 - len(sources)):
        folder = root.absolute() / "apt" / source.name
        with locked(folder):
            apt = PrivateApt(folder, source, machine)
            try:
                files = apt.download(packages, (*NEVER_NEEDED, *assume))
            except PackageAbsent:
                if not last:
                    raise
                continue
            unpack(files, into, wanted)
            apt.forget_packages()
            return dict(_name_and_version(file) for file in files)
    raise ValueError("no source was given")


def upstream(version: str) -> str:
    """Debian's ``1:22.10.1+dfsg+~cs6-1`` is upstream's ``22.10.1``."""
    return re.split(r"[-+~]", version.rpartition(":")[2], maxsplit=1)[0]


def _name_and_version(file: Path) -> tuple[str, str]:
    name, version, _ = file.name.split("_", 2)
    return name, unquote(version)

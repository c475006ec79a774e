"""A private apt state: downloads packages and all they depend on, without root and without touching the
machine.

Of the machine's apt configuration only ``Acquire`` carries over – how its mirrors are reached (proxy,
certificates) and what its administrator accepts of them. Hooks, pins of foreign suites and index targets stay
outside.
"""

import os
import re
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from careline.infra.apt.machine import Machine
from careline.infra.apt.sources import (
    KEYRINGS,
    PUBLIC_MIRROR,
    DebianSuite,
    OwnSources,
    Source,
    expired_allowed,
    find_keyring,
    mirror_among,
    mirror_setting,
)
from careline.infra.apt.unpack import unpack
from careline.kernel.errors import PermanentFailure, TransientFailure

LISTS_FRESH_S = 3600.0
_CARRIED = re.compile(r"^Acquire::(?!IndexTargets|Languages|CompressionTypes|Changelogs|cdrom|Allow)\S")
_PACKAGE_LINE = re.compile(r"^'[^']+' (\S+\.deb) \d+ ?", re.MULTILINE)
_EXPIRED = re.compile(r"is expired|is not valid anymore", re.IGNORECASE)
_UNREACHABLE = re.compile(r"Failed to fetch|Unable to fetch|Temporary failure|Could not (resolve|connect)|timed out")
_ABSENT = re.compile(
    r"Unable to locate package|has no installation candidate|unmet dependencies|held broken packages"
    r"|Unable to (correct|satisfy)"
)


class PackageAbsent(PermanentFailure):
    """The source is readable and has no such package."""


class PrivateApt:
    """One source's state below ``folder``. Not for two processes at once: hold a lock (``bundle.locked``)."""

    def __init__(self, folder: Path, source: Source, machine: Machine) -> None:
        self._folder = folder.absolute()
        self._source = source
        self._machine = machine

    def download(self, packages: Sequence[str], assume: Iterable[str] = ()) -> list[Path]:
        """The package files of ``packages`` and of all they depend on, as if nothing were installed.

        ``assume`` names packages that are taken as installed in the newest version, and with them all that
        only they need. Raises ``PermanentFailure`` when the source has no such package or its index has
        expired, ``TransientFailure`` when the mirror does not answer.
        """
        # apt lists only what it would still fetch, so what a killed run has left would be missing from the list.
        self.forget_packages()
        self._prepare(assume)
        log = self._refresh()
        install = ("install", "--yes", "--no-install-recommends")
        listed = self._apt(*install, "--print-uris", *packages)
        if listed.returncode:
            raise self._failure(f"{' '.join(packages)} from {self._source.name}", log + listed.stderr)
        fetched = self._apt(*install, "--download-only", *packages)
        if fetched.returncode:
            raise self._failure(f"{' '.join(packages)} from {self._source.name}", fetched.stderr)
        archives = self._folder / "cache/archives"
        return [archives / name for name in _PACKAGE_LINE.findall(listed.stdout)]

    def forget_packages(self) -> None:
        """Delete the downloaded files and apt's working index (100 MB); the lists stay."""
        for file in (self._folder / "cache").rglob("*"):
            if file.suffix in (".deb", ".bin"):
                file.unlink(missing_ok=True)

    def _prepare(self, assume: Iterable[str]) -> None:
        for name in ("lists/partial", "cache/archives/partial", "empty"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        (self._folder / "status").write_text(
            "".join(_pretend_installed(name, self._machine) for name in assume), encoding="utf-8"
        )
        (self._folder / "apt.conf").write_text(self._configuration(), encoding="utf-8")

    def _configuration(self) -> str:
        dump = _run(["apt-config", "dump"], dict(os.environ)).stdout
        carried = [line for line in dump.splitlines() if _CARRIED.match(line)]
        own = {
            "Dir::State": self._folder,
            "Dir::State::lists": self._folder / "lists",
            "Dir::State::status": self._folder / "status",
            "Dir::Cache": self._folder / "cache",
            "Dir::Etc::main": "/dev/null",
            "Dir::Etc::parts": self._folder / "empty",
            "APT::Architecture": self._machine.architecture,
            "APT::Install-Recommends": "false",
            "APT::Sandbox::User": "",
            "Debug::NoLocking": "true",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        if isinstance(self._source, DebianSuite):
            sources = self._folder / "sources.list"
            sources.write_text(self._debian_line(self._source.suite), encoding="utf-8")
            own |= {
                "Dir::Etc::sourcelist": sources,
                "Dir::Etc::sourceparts": self._folder / "empty",
                "Dir::Etc::preferences": "/dev/null",
                "Dir::Etc::preferencesparts": self._folder / "empty",
            }
        if expired_allowed():
            own["Acquire::Check-Valid-Until"] = "false"
        lines = [*carried, "#clear APT::Architectures;", *(f'{key} "{value}";' for key, value in own.items())]
        return "\n".join(lines) + "\n"

    def _debian_line(self, suite: str) -> str:
        return f"deb [signed-by={self._keyring()}] {self._mirror()} {suite} main\n"

    def _mirror(self) -> str:
        chosen = mirror_setting()
        if chosen is None and self._machine.distribution == "debian":
            targets = _run(
                ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"],
                dict(os.environ),
            )
            chosen = mirror_among(targets.stdout, self._machine.codename)
        return chosen or PUBLIC_MIRROR

    def _keyring(self) -> Path:
        """Ubuntu does not trust Debian's keys by default, but its own archive carries and signs them."""
        brought = self._folder / "keyring"
        kept = tuple(brought / path.relative_to("/") for path in KEYRINGS)
        found = find_keyring() or find_keyring(kept)
        if found is None:
            own = PrivateApt(self._folder / "keyring-apt", OwnSources(), self._machine)
            unpack(own.download(["debian-archive-keyring"]), brought)
            found = find_keyring(kept)
        if found is None:
            raise PermanentFailure("no Debian archive keyring: install the package debian-archive-keyring")
        return found

    def _refresh(self) -> str:
        """Update the lists when they are old; returns what apt complained of. One broken source of several
        need not matter, so nothing is raised here: the download decides."""
        stamp = self._folder / "lists.stamp"
        wanted = (self._folder / "apt.conf").read_text(encoding="utf-8")
        if (
            stamp.is_file()
            # house: allow one-clock – a file's age is told by the clock that stamped it
            and time.time() - stamp.stat().st_mtime < LISTS_FRESH_S
            and stamp.read_text(encoding="utf-8") == wanted
        ):
            return ""
        done = self._apt("update")
        if done.returncode == 0:
            stamp.write_text(wanted, encoding="utf-8")
        return done.stderr

    def _apt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return _run(
            ["apt-get", "-q", *arguments],
            {**os.environ, "APT_CONFIG": str(self._folder / "apt.conf"), "LC_ALL": "C"},
        )

    def _failure(self, what: str, log: str) -> PermanentFailure | TransientFailure:
        (self._folder / "lists.stamp").unlink(missing_ok=True)
        if _EXPIRED.search(log):
            return PermanentFailure(
                f"cannot fetch {what}: the mirror's index has expired; use a live mirror "
                "(CARELINE_APT_MIRROR), or accept old packages with CARELINE_APT_ALLOW_EXPIRED=1"
            )
        complaints = [line for line in log.splitlines() if line.startswith(("E:", "W:"))]
        first = complaints[0] if complaints else (log.strip().splitlines() or ["apt-get said nothing"])[-1]
        if _UNREACHABLE.search(log):
            return TransientFailure(f"cannot fetch {what}: {first} – check the network and the apt sources")
        if _ABSENT.search(log):
            return PackageAbsent(f"cannot fetch {what}: {first}")
        return PermanentFailure(f"cannot fetch {what}: {first}")


def _pretend_installed(name: str, machine: Machine) -> str:
    return (
        f"Package: {name}\nStatus: install ok installed\nMaintainer: none\n"
        f"Architecture: {machine.architecture}\nMulti-Arch: allowed\nVersion: 999:0\n"
        "Description: taken as given\n\n"
    )


def _run(command: Sequence[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise PermanentFailure(f"{command[0]} cannot be run: {error}") from error

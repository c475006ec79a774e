"""Where packages come from: the machine's own sources, or a named suite of Debian."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PUBLIC_MIRROR = "http://deb.debian.org/debian"
KEYRINGS = (
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
)


@dataclass(frozen=True)
class OwnSources:
    """What the machine's administrator has set up; the machine's own pins hold too."""

    name = "own"


@dataclass(frozen=True)
class DebianSuite:
    """One suite of Debian's main archive, whatever this machine is; no pin of the machine applies."""

    suite: str

    @property
    def name(self) -> str:
        return self.suite


Source = OwnSources | DebianSuite


def mirror_setting(environment: Mapping[str, str] = os.environ) -> str | None:
    """``CARELINE_APT_MIRROR``: the base address of a Debian mirror; None means: find one."""
    return environment.get("CARELINE_APT_MIRROR", "").strip().rstrip("/") or None


def expired_allowed(environment: Mapping[str, str] = os.environ) -> bool:
    return environment.get("CARELINE_APT_ALLOW_EXPIRED", "0").strip() == "1"


def mirror_among(targets: str, codename: str) -> str | None:
    """The first address that serves this Debian's own suite, out of ``apt-get indextargets`` in the format
    ``$(REPO_URI) $(RELEASE) $(COMPONENT)``, one a line."""
    for line in targets.splitlines():
        match line.split():
            case [address, release, "main"] if release.split("/")[0] == codename:
                return address.rstrip("/")
    return None


def find_keyring(candidates: tuple[Path, ...] = KEYRINGS) -> Path | None:
    """Debian's archive keyring, when this machine has it."""
    return next((path for path in candidates if path.is_file()), None)

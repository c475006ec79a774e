"""The machine that packages are brought to."""

import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path

from careline.kernel.errors import PermanentFailure

_TRIPLETS = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}


@dataclass(frozen=True)
class Machine:
    """``distribution`` and ``codename`` as os-release(5) has them: ``debian``, ``bookworm``."""

    distribution: str
    codename: str
    architecture: str

    @property
    def triplet(self) -> str:
        """The folder of this architecture's libraries below ``usr/lib``."""
        return _TRIPLETS[self.architecture]


@functools.cache
def this_machine(os_release: Path = Path("/etc/os-release")) -> Machine:
    """Look once. Raises ``PermanentFailure`` where there is no apt or the architecture is none of ours."""
    try:
        fields = read_os_release(os_release.read_text(encoding="utf-8"))
        architecture = subprocess.run(
            ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        raise PermanentFailure("this is no Debian or Ubuntu with dpkg: install the needed programs by hand") from error
    if architecture not in _TRIPLETS:
        raise PermanentFailure(f"bundles exist for {' and '.join(_TRIPLETS)}, this machine is {architecture}")
    return Machine(
        distribution=fields.get("ID", ""),
        codename=fields.get("VERSION_CODENAME", ""),
        architecture=architecture,
    )


def read_os_release(text: str) -> dict[str, str]:
    """The assignments of an os-release(5) file, without their quotes."""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {key.strip(): value.strip().strip("\"'") for key, value in pairs}

"""Small Debian packages made by hand, and an ``apt-get`` that serves them."""

import io
import stat
import tarfile
from collections.abc import Mapping
from pathlib import Path

Content = bytes | str
"""Bytes are a file's content; a text beginning with ``->`` is a symbolic link, with ``=`` a hard link."""


def make_package(folder: Path, name: str, version: str, files: Mapping[str, Content]) -> Path:
    """A package file with ``files``; what ends in ``.sh`` or lies in a ``bin`` folder is executable."""
    package = folder / f"{name}_{version.replace(':', '%3a')}_amd64.deb"
    members = {
        "debian-binary": b"2.0\n",
        "control.tar": _tar({"./control": f"Package: {name}\nVersion: {version}\nArchitecture: all\n".encode()}),
        "data.tar": _tar(files),
    }
    with package.open("wb") as archive:  # ar(5), the container of deb(5)
        archive.write(b"!<arch>\n")
        for member, content in members.items():
            archive.write(f"{member:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode())
            archive.write(content + b"\n" * (len(content) % 2))
    return package


def _tar(files: Mapping[str, Content]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            if isinstance(content, str):
                member.type = tarfile.SYMTYPE if content.startswith("->") else tarfile.LNKTYPE
                member.linkname = content.removeprefix("->").removeprefix("=")
                archive.addfile(member)
            else:
                member.size = len(content)
                member.mode = 0o755 if "bin/" in name else 0o644
                archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


class PlayedApt:
    """Puts an ``apt-get`` and an ``apt-config`` first on the PATH. ``calls`` lists the arguments of each call."""

    def __init__(self, folder: Path, path: str) -> None:
        self.folder = folder
        self.path = f"{folder}:{path}"
        self.script("apt-config", "echo 'Acquire::http::Proxy \"http://proxy:3128\";'; echo 'APT::Periodic \"1\";'")

    @property
    def calls(self) -> list[str]:
        log = self.folder / "calls"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def serves(self, *packages: Path) -> None:
        """Offer exactly these for every wish; like apt-get, list only what is not in the cache."""
        listed = "\n".join(
            f'[ -e "$cache/archives/{p.name}" ] || echo "\'http://mirror/{p.name}\' {p.name} {p.stat().st_size} "'
            for p in packages
        )
        copied = "\n".join(f'cp "{p}" "$cache/archives/"' for p in packages)
        self.script(
            "apt-get",
            'cache=$(sed -n \'s/^Dir::Cache "\\(.*\\)";/\\1/p\' "$APT_CONFIG")\n'
            f'case "$*" in *--print-uris*) {listed or ":"};;\n*--download-only*) {copied or ":"};; esac',
        )

    def fails(self, words: str, when: str = "install") -> None:
        """Complain on standard error, as apt-get does, in calls with ``when`` among the arguments."""
        self.script("apt-get", f"case \"$*\" in *{when}*) printf '%s\\n' '{words}' >&2; exit 100;; esac")

    def script(self, name: str, body: str) -> None:
        file = self.folder / name
        file.write_text(f'#!/bin/sh\necho "$*" >> {self.folder}/calls\n{body}\n', encoding="utf-8")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

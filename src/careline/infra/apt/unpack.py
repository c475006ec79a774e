"""Unpacking package files into a folder, without dpkg's database and without maintainer scripts."""

import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import IO

from careline.kernel.errors import PermanentFailure

# Folders that moved below /usr on Debian 12; older packages still name them at the top.
_MERGED = ("bin", "sbin", "lib", "lib64")
_UNUSED = ("usr/share/doc/", "usr/share/man/", "usr/share/locale/", "usr/share/lintian/", "usr/share/bug/")

Wanted = Callable[[str], bool]


def everything(path: str) -> bool:
    """The default choice: all but documents and translations."""
    return not path.startswith(_UNUSED)


def unpack(packages: Iterable[Path], into: Path, wanted: Wanted = everything) -> None:
    """Unpack in order; a later package overwrites. ``wanted`` is asked with paths like ``usr/bin/x``. Links
    that lead to a place of the machine are turned to the same place below ``into``."""
    for package in packages:
        process = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        with process, process.stdout as stream:
            try:
                with tarfile.open(fileobj=stream, mode="r|") as archive:
                    for member in archive:
                        path = place(member.name)
                        if path is not None and wanted(path):
                            _write(archive, member, into, path)
                    while stream.read(1 << 16):  # the padding, so that dpkg-deb ends in peace
                        pass
            except tarfile.TarError as error:
                raise PermanentFailure(f"{package.name} is damaged: delete it and try again") from error
        if process.returncode != 0:
            raise PermanentFailure(f"{package.name} is damaged: delete it and try again")


def place(name: str) -> str | None:
    """Where a member named ``name`` belongs, relative to the folder. None for the top itself, for a way out
    of it, and for ``/lib64``, which holds nothing but a link to the loader."""
    parts = [part for part in PurePosixPath(name).parts if part not in ("/", ".")]
    if not parts or ".." in parts:
        return None
    if parts[0] in _MERGED:
        parts.insert(0, "usr")
    if parts[:2] == ["usr", "lib64"]:
        return None
    return "/".join(parts)


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, into: Path, path: str) -> None:
    target = into / path
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink() or target.is_file():
        target.unlink()
    if member.issym():
        leads_to = _inside(member.linkname, path)
        if leads_to is not None:
            target.symlink_to(leads_to)
    elif member.islnk():
        original = place(member.linkname)
        if original is not None and (into / original).is_file():
            os.link(into / original, target)
    elif member.isfile():
        content = archive.extractfile(member)
        assert content is not None
        _copy(content, target, executable=bool(member.mode & 0o111))


def _inside(leads_to: str, path: str) -> str | None:
    """The same link seen from ``path`` below the folder, always relative; None when it would lead out."""
    folder = PurePosixPath(path).parent
    if leads_to.startswith("/"):
        placed = place(leads_to)
        return os.path.relpath(placed, folder) if placed else None
    return None if os.path.normpath(folder / leads_to).startswith("..") else leads_to


def _copy(content: IO[bytes], target: Path, *, executable: bool) -> None:
    with target.open("wb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
    target.chmod(0o755 if executable else 0o644)

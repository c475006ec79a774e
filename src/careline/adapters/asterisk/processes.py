"""The processes of a node: its keeper, known by the lock on its folder, and its Asterisk, known by its words."""

import fcntl
import os
from pathlib import Path

LOCK = "keeper.lock"

_NEEDED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")


def spare_environment() -> dict[str, str]:
    """What a process of a node needs of our environment. The rest, our settings and their passwords, is ours alone."""
    return {name: os.environ[name] for name in _NEEDED if name in os.environ}


def keeper_pid(folder: Path) -> int | None:
    """The process that keeps a node; None when nobody does."""
    try:
        with (folder / LOCK).open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(lock.read() or 0) or None
            return None
    except (FileNotFoundError, ValueError):
        return None


def asterisk_pid(folder: Path) -> int | None:
    """The Asterisk that runs from a folder, with or without a keeper; None when there is none."""
    try:
        pid = int((folder / "run/asterisk.pid").read_text())
    except (OSError, ValueError):
        return None
    return pid if runs_from(pid, folder) else None


def runs_from(pid: int, folder: Path) -> bool:
    """Whether a process is an Asterisk of a folder. One that ended and was not buried has no words any more."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return str(folder / "etc/asterisk.conf").encode() in words

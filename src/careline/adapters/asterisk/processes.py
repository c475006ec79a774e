"""Which processes of a node run: its keeper, known by the lock on its folder, and its Asterisk, known by its words."""

import fcntl
from pathlib import Path

LOCK = "keeper.lock"


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

"""Whom Asterisk runs as when Careline itself was started by root: nobody, where it can reach its files."""

import logging
import os
import pwd
import stat
from collections.abc import Iterable
from pathlib import Path

log = logging.getLogger(__name__)

UNPRIVILEGED = "nobody"


def user_for(folder: Path, needed: Iterable[Path]) -> int | None:
    """The uid to run Asterisk as; None to run as we do.

    We give privileges away only where that works: a user other than root cannot pass folders that are closed to
    others, for example those below root's home. Then Asterisk runs as root, and that is said.
    """
    if os.geteuid() != 0:
        return None
    try:
        uid = pwd.getpwnam(UNPRIVILEGED).pw_uid
    except KeyError:
        return None
    for path in (folder, *needed):
        closed = first_closed(path)
        if closed is not None:
            log.warning("Asterisk runs as root: user %s may not enter %s", UNPRIVILEGED, closed)
            return None
    return uid


def first_closed(path: Path) -> Path | None:
    """The first folder on the way to ``path`` that others may not enter, or ``path`` itself if they may not read."""
    for folder in reversed(path.absolute().parents):
        if not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


def hand_over(folder: Path, uid: int) -> None:
    """Give a folder and everything in it to a user."""
    for here, folders, names in os.walk(folder):
        for name in (*folders, *names):
            os.chown(Path(here, name), uid, uid, follow_symlinks=False)
    os.chown(folder, uid, uid)

"""Whether there is room for what comes: nothing can be acknowledged any more once the disk is full."""

import os
import shutil
from pathlib import Path

MEBIBYTE = 1_048_576
FULL, LITTLE = 16 * MEBIBYTE, 256 * MEBIBYTE
"""Bytes. With less free than the first nothing can be taken on; with less than the second somebody should look."""


def room(folder: Path) -> tuple[str | None, int]:
    """What is wrong with the disk of a folder, and how many MiB are free there.

    ``disk-full`` and ``disk-read-only``: nothing more can be kept. ``disk-nearly-full``: there is time to mend it.
    """
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK):
        return "disk-read-only", free // MEBIBYTE
    if free < FULL:
        return "disk-full", free // MEBIBYTE
    return "disk-nearly-full" if free < LITTLE else None, free // MEBIBYTE

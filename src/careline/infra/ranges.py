"""Parts of a file that are asked for over HTTP (RFC 9110 §14)."""

import re

_RANGE = re.compile(r"bytes=(\d{1,12})?-(\d{1,12})?")


def part_of(wanted: str | None, size: int) -> tuple[int, int] | None:
    """Start and length of the one range that was asked for (RFC 9110 §14.2), or of all; None when there is none such.

    What is no range, or several, is answered with all, as the standard allows.
    """
    known = None if wanted is None else _RANGE.fullmatch(wanted.replace(" ", ""))
    if known is None or known.group() == "bytes=-":
        return 0, size
    first, last = known.groups()
    if first is None:
        length = min(int(last), size)
        return (size - length, length) if length else None
    if int(first) >= size or (last is not None and int(last) < int(first)):
        return None
    end = size if last is None else min(int(last) + 1, size)
    return int(first), end - int(first)

"""Decisions that do not say their state and day, or that the list of decisions tells otherwise."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

_HEAD = re.compile(
    r"# (?P<number>\d{4}) (?P<title>.+)\n\n"
    r"State: (?P<state>proposed|accepted|replaced by \d{4})\. Date: (?P<day>\d{4}-\d{2}-\d{2})\.\n"
)


def unclear_decisions(folder: Path) -> Iterator[str]:
    """One line for each page ``NNNN-….md`` that is wrong: ``0003-x.md: reason``."""
    index = folder / "README.md"
    listed = index.read_text(encoding="utf-8").splitlines() if index.is_file() else []
    for page in sorted(folder.glob("[0-9]*.md")):
        head = _HEAD.match(page.read_text(encoding="utf-8"))
        if head is None or head["number"] != page.name[:4] or not _is_day(head["day"]):
            yield f"{page.name}: begins with '# NNNN Title' and 'State: accepted. Date: YYYY-MM-DD.' – see README.md"
        elif f"| [{head['number']}]({page.name}) | {head['title']} | {head['state']} |" not in listed:
            yield f"{page.name}: README.md has no line with this title and state"


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False

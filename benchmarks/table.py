"""Figures for people: a line at the end of a run, and the tables of docs/performance.md.

Each script has a block between two markers on that page, with the day, the machine and the command. Recording a run
replaces the blocks of its scripts and leaves the others and all prose alone.
"""

import json
import os
import platform
import re
from datetime import datetime
from pathlib import Path

_HEAD = "| figure | value | unit | beside it | ratio | rounds |\n|---|---:|---|---|---:|---:|\n"


def summary(line: str) -> str:
    """A figure, given as its JSON line, in one readable line that ends with the ratio."""
    figure = json.loads(line)
    ratio = "" if figure["ratio"] is None else f" → ratio {_number(figure['ratio'])}"
    return f"{figure['name']}: {_number(figure['value'])} {figure['unit']}, beside {figure['yardstick']}{ratio}"


def record(page: Path, name: str, lines: list[str], measured: str) -> None:
    """Put the figures of a script, given as JSON lines, into its block; a block that is not there yet is added.

    ``measured`` says when, where and with what, see ``conditions``.
    """
    text = page.read_text(encoding="utf-8")
    begin, end = f"<!-- figures: {name} -->", f"<!-- end of figures: {name} -->"
    rows = "".join(_row(json.loads(line)) for line in lines)
    block = f"{begin}\n{measured}\n\n{_HEAD}{rows}{end}"
    if begin in text and end in text:
        text = re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: block, text, flags=re.DOTALL)
    else:
        text = f"{text.rstrip()}\n\n## {name.capitalize()}\n\n{block}\n"
    page.write_text(text, encoding="utf-8")


def conditions(name: str, at: datetime, load: float) -> str:
    """What the figures of a script depend on. ``load``: how many processes wanted a processor when it began."""
    return (
        f"Measured on {at:%Y-%m-%d} by `make bench ONLY={name}`: {_processor()}, {os.cpu_count()} logical cores, load "
        f"{load:.1f} at the beginning, {platform.system()}, Python {platform.python_version()}."
    )


def _row(figure: dict[str, object]) -> str:
    ratio = figure["ratio"]
    cells = [
        f"`{figure['name']}`",
        _number(figure["value"]),
        str(figure["unit"]),
        str(figure["yardstick"]),
        "" if ratio is None else _number(ratio),
        str(figure["rounds"]),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _number(value: object) -> str:
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    if known.exists():
        found = re.search(r"^model name\s*:\s*(.+)$", known.read_text(encoding="utf-8"), re.MULTILINE)
        if found:
            return found[1].strip()
    return platform.machine()

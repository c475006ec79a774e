"""Excuses: ``house: allow <rule> – <reason>`` in a comment on the line of a breach, or on the line above
it.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tools.house_rules.rule import Breach
from tools.house_rules.source import SourceFile, SourceTree

RULE = "excuse"
INSTEAD = "write 'house: allow <rule> – <reason>' where it is needed, and nowhere else"

_EXCUSE = re.compile(r"(?:#|//|/\*|<!--)\s*house:\s*allow\s+(?P<rule>[a-z-]+)\s*(?:[–—:-]+\s*(?P<reason>[^*>]*))?")


@dataclass(frozen=True)
class Excuse:
    """One excuse as it stands in a file."""

    file: SourceFile
    line: int
    rule: str
    reason: str


def excuses_of(file: SourceFile) -> Iterator[Excuse]:
    """Every excuse in a file. Prose about excuses, in documents, is not one."""
    if file.path.suffix == ".md":
        return
    for number, line in enumerate(file.lines, start=1):
        for found in _EXCUSE.finditer(line):
            if not _inside_text(line, found.start()):
                yield Excuse(file, number, found["rule"], (found["reason"] or "").strip())


def apply_excuses(tree: SourceTree, breaches: list[Breach], known: Collection[str]) -> list[Breach]:
    """The breaches that stay, and those that bad excuses are themselves."""
    excuses = [excuse for file in tree.files for excuse in excuses_of(file)]
    kept = []
    used: set[Excuse] = set()
    for breach in breaches:
        fitting = [excuse for excuse in excuses if excuse.reason and _fits(excuse, breach)]
        used.update(fitting)
        if not fitting:
            kept.append(breach)
    for excuse in excuses:
        problem = _problem(excuse, known, excuse in used)
        if problem:
            kept.append(Breach(excuse.file.path, excuse.line, RULE, problem, INSTEAD))
    return sorted(kept)


def _fits(excuse: Excuse, breach: Breach) -> bool:
    return (
        excuse.rule == breach.rule
        and excuse.file.path == breach.path
        and breach.line - 1 <= excuse.line <= max(breach.line, breach.last_line)
    )


def _problem(excuse: Excuse, known: Collection[str], used: bool) -> str | None:
    if excuse.rule not in known:
        return f"there is no rule {excuse.rule!r} to excuse"
    if len(excuse.reason.split()) < 2:
        return f"the excuse for {excuse.rule} gives no reason"
    return None if used else f"the excuse for {excuse.rule} excuses nothing"


def _inside_text(line: str, column: int) -> bool:
    """Whether a column lies within quotes, so that a test may plant an excuse."""
    before = line[:column]
    return before.count('"') % 2 == 1 or before.count("'") % 2 == 1

"""What a rule is, and what it says when it is broken."""

import abc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import ClassVar

from tools.house_rules.source import SourceFile, SourceTree


@dataclass(frozen=True, order=True)
class Breach:
    """A rule broken at a line. ``last_line`` ends the statement in which an excuse may stand."""

    path: PurePosixPath
    line: int
    rule: str
    message: str
    instead: str
    last_line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule} – {self.message}; {self.instead}"


class Rule(abc.ABC):
    """One rule. ``name`` is kebab-case and stands in excuses; ``why`` and ``instead`` are for the one who
    broke it.
    """

    name: ClassVar[str]
    why: ClassVar[str]
    instead: ClassVar[str]

    @abc.abstractmethod
    def check(self, tree: SourceTree) -> Iterator[Breach]:
        """Every breach in the tree."""

    def breach(self, file: SourceFile, line: int, message: str, *, last_line: int | None = None) -> Breach:
        """A breach of this rule in ``file``; lines count from 1."""
        return Breach(file.path, line, self.name, message, self.instead, last_line or line)


class FileRule(Rule):
    """A rule that needs one file at a time."""

    def check(self, tree: SourceTree) -> Iterator[Breach]:
        for file in tree.files:
            if self.applies_to(file):
                yield from self.check_file(file)

    @abc.abstractmethod
    def applies_to(self, file: SourceFile) -> bool:
        """Whether the rule is about this file."""

    @abc.abstractmethod
    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        """Every breach in one file."""

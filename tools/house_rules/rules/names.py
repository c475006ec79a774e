"""Names that say nothing."""

import ast
import re
from collections.abc import Iterator

from tools.house_rules.rule import Breach, FileRule
from tools.house_rules.source import SourceFile

SAYS_NOTHING = frozenset(["util", "utils", "helper", "helpers", "common", "manager", "managers", "misc", "stuff"])
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_VERSION = re.compile(r"(?:[_-]v\d+|(?<=[a-z])V\d+|_(?:new|old))$")


class BannedName(FileRule):
    """Files, folders, classes and functions. ``_v2`` is banned for code, not for the version in a URL."""

    name = "banned-name"
    why = "a file that is named after nothing collects everything"
    instead = "name it after the one thing that it does, in the words of the glossary"

    def applies_to(self, file: SourceFile) -> bool:
        return file.under("src", "ui/src", "tests", "tools", "benchmarks")

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        for part in (*file.path.parts[:-1], file.path.name.split(".")[0]):
            word = _banned(part)
            if word:
                yield self.breach(file, 1, f"{word!r} in the path says nothing")
        if not file.is_python:
            return
        for node in file.nodes:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                word = _banned(node.name)
                if word:
                    yield self.breach(file, node.lineno, f"{word!r} in the name {node.name} says nothing")


def _banned(name: str) -> str | None:
    version = _VERSION.search(name)
    if version:
        return version[0]
    return next((word for word in _WORDS.findall(name) if word.lower() in SAYS_NOTHING), None)

"""What is forgotten in a hurry: prints, swallowed errors, unfinished work, paths of somebody's machine."""

import ast
import re
from collections.abc import Iterator

from tools.house_rules.rule import Breach, FileRule
from tools.house_rules.rules.syntax import last_part
from tools.house_rules.source import SourceFile


class PrintInProduct(FileRule):
    name = "print"
    why = "what is printed is neither levelled nor kept, and may hold what no log may hold"
    instead = "log it through infra.telemetry, or use typer.echo for the command line"

    def applies_to(self, file: SourceFile) -> bool:
        return file.is_python and file.under("src")

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        for node in file.nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "pprint"}:
                yield self.breach(file, node.lineno, f"{node.func.id}() in the product")


EVERYTHING = frozenset({"Exception", "BaseException"})


class SwallowedError(FileRule):
    name = "swallowed-error"
    why = "an error that nobody hears of is found by a customer"
    instead = "catch what you expect by name, or log it with what was kept and what comes next"

    def applies_to(self, file: SourceFile) -> bool:
        return file.is_python

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        for node in file.nodes:
            if isinstance(node, ast.ExceptHandler) and _hides_everything(node):
                yield self.breach(file, node.lineno, "every error is caught and none is told")
            elif isinstance(node, ast.Call) and last_part(node) == "suppress" and _suppresses_everything(node):
                yield self.breach(file, node.lineno, "every error is suppressed")


def _suppresses_everything(call: ast.Call) -> bool:
    return any(_catches_everything(one) for one in call.args)


def _catches_everything(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_catches_everything(one) for one in caught.elts)
    return caught is None or last_part(caught) in EVERYTHING


def _hides_everything(handler: ast.ExceptHandler) -> bool:
    return _catches_everything(handler.type) and _does_nothing(handler.body)


def _does_nothing(body: list[ast.stmt]) -> bool:
    return all(
        isinstance(one, ast.Pass | ast.Continue) or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for one in body
    )


# Put together, so that this file does not break its own rule.
_MARKS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
_STUB = "NotImplemented" + "Error"


class Unfinished(FileRule):
    name = "unfinished"
    why = "what is here works; what does not work yet is an issue, not a remark"
    instead = "finish it, or leave it out and open an issue"

    def applies_to(self, file: SourceFile) -> bool:
        return file.under("src", "ui/src", "tools", "tests", "benchmarks", "deploy")

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        for number, line in enumerate(file.lines, start=1):
            found = _MARKS.search(line)
            if found:
                yield self.breach(file, number, f"{found[0]} left behind")
            if _STUB in line:
                yield self.breach(file, number, f"a stub that raises {_STUB}")


_MACHINE = re.compile(
    r"(?<![\w.~$}*-])/(?:root|work|mnt|Users/\w+|home/\w+)/\w"
    r"|\b[A-Z]:\\\\?Users\\"
    r"|\b(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})\b(?!/\d)"
    r"|\b[\w-]+\.(?:internal|corp|lan)\b(?!\()"
)
_SHARED_FOLDER = re.compile(r"""["'`]/(?:var/)?tmp\b""")


class MachinePath(FileRule):
    """Paths and addresses that exist on one machine only. Networks in CIDR form are not addresses."""

    name = "machine-path"
    why = "it works on one machine and fails on the next"
    instead = "take it from the settings, the data folder or the tests' own folder"

    def applies_to(self, file: SourceFile) -> bool:
        return not file.under("tests")

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        for number, line in enumerate(file.lines, start=1):
            found = _MACHINE.search(line)
            if not found and file.under("src", "ui/src"):
                found = _SHARED_FOLDER.search(line)
            if found:
                yield self.breach(file, number, f"{found[0]!r} is of a particular machine")

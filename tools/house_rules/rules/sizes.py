"""Files and functions that want to be two."""

from collections.abc import Iterator

from tools.house_rules.rule import Breach, FileRule
from tools.house_rules.source import SourceFile

FILE_LINES = 400
COMPONENT_LINES = 250
FUNCTION_LINES = 50
REVISIONS = "src/careline/infra/database/migrations/versions"
"""Written by a tool and never touched again: a record of what was done, not a decision."""


class FileSize(FileRule):
    name = "file-size"
    why = "a long file holds more than one thing, and nobody knows all of it"
    instead = "give the second thing its own file, named after it"

    def applies_to(self, file: SourceFile) -> bool:
        if file.under(REVISIONS):
            return False
        return (file.is_python or file.is_script) and file.under("src", "ui/src", "tests", "tools", "benchmarks")

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        most = COMPONENT_LINES if file.path.suffix == ".tsx" else FILE_LINES
        if len(file.lines) > most:
            yield self.breach(file, 1, f"{len(file.lines)} lines, and {most} are allowed")


class FunctionSize(FileRule):
    """From ``def`` to the last line; decorators do not count."""

    name = "function-size"
    why = "a long function makes more than one decision, and none of them can be tested alone"
    instead = "give each step a name of its own"

    def applies_to(self, file: SourceFile) -> bool:
        return file.is_python and file.under("src", "tests", "tools", "benchmarks") and not file.under(REVISIONS)

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        for function in file.functions:
            length = (function.end_lineno or function.lineno) - function.lineno + 1
            if length > FUNCTION_LINES:
                message = f"{function.name} has {length} lines, and {FUNCTION_LINES} are allowed"
                yield self.breach(file, function.lineno, message)

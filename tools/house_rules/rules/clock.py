"""Time is an argument: only the kernel's clock and its ids read the machine's."""

import ast
from collections.abc import Iterator

from tools.house_rules.rule import Breach, FileRule
from tools.house_rules.rules.syntax import imported_names, resolved
from tools.house_rules.source import SourceFile

_OF_DATETIME = ("now", "utcnow", "today")
_OF_TIME = ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "localtime", "gmtime")
READS_THE_CLOCK = frozenset(
    [f"datetime.{kind}.{name}" for kind in ("datetime", "date") for name in _OF_DATETIME]
    + [f"time.{name}" for name in _OF_TIME]
)
DATABASE_CLOCK = frozenset({"now", "current_timestamp", "current_date", "localtimestamp"})
ALLOWED = frozenset({"src/careline/kernel/clock.py", "src/careline/kernel/ids.py"})


class OneClock(FileRule):
    name = "one-clock"
    why = "an hour of SLA must take no time in a test, and two clocks disagree"
    instead = "take the instant as an argument, or a Clock from careline.kernel.clock"

    def applies_to(self, file: SourceFile) -> bool:
        return file.is_python and file.under("src") and str(file.path) not in ALLOWED

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        names = imported_names(file.tree)
        for node in file.nodes:
            if not isinstance(node, ast.Attribute | ast.Name):
                continue
            name = resolved(node, names)
            if name in READS_THE_CLOCK and isinstance(node.ctx, ast.Load):
                yield self.breach(file, node.lineno, f"{name} reads the machine's clock")
            elif name.startswith("sqlalchemy.func.") and name.rpartition(".")[2] in DATABASE_CLOCK:
                yield self.breach(file, node.lineno, f"{name} reads the database's clock")

"""Where the database may be spoken to, and whose tables may be named."""

import ast
from collections.abc import Iterator

from tools.house_rules.rule import Breach, FileRule, Rule
from tools.house_rules.rules.syntax import imported_names, last_part, resolved, root_name
from tools.house_rules.source import SourceFile, SourceTree

DRIVERS = frozenset({"sqlalchemy", "alembic", "aiosqlite", "sqlite3", "asyncpg", "psycopg"})
RUNS_SQL = frozenset({"execute", "scalar", "scalars", "stream", "stream_scalars", "exec_driver_sql", "run_sync"})
CONNECTIONS = ("tx", "transaction", "reading", "session", "connection", "conn", "engine")
INFRA = "src/careline/infra"


class DatabaseAccess(FileRule):
    """``sqlalchemy`` and the drivers are imported, and statements run, in repositories, models and infra
    only.
    """

    name = "database-access"
    why = "a service that writes SQL cannot be tested without a database, and its tables leak to the next module"
    instead = "give the repository a method for it and call that"

    def applies_to(self, file: SourceFile) -> bool:
        if not file.is_python or not file.under("src"):
            return False
        return not file.under(INFRA) and not file.plays("repository", "models")

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        for node in file.nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                named = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                for name in named:
                    if name.split(".")[0] in DRIVERS:
                        yield self.breach(file, node.lineno, f"{name} is imported outside repository, models and infra")
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RUNS_SQL:
                owner = (last_part(node.func.value) or root_name(node.func.value)).lstrip("_")
                if owner in CONNECTIONS:
                    yield self.breach(file, node.lineno, f"{owner}.{node.func.attr} outside a repository")


class RawSql(FileRule):
    name = "raw-sql"
    why = "SQL as text escapes the tenant filter, the models and one of the two databases"
    instead = "build it with SQLAlchemy; what only one database can do belongs to infra/database"

    def applies_to(self, file: SourceFile) -> bool:
        return file.is_python and file.under("src") and not file.under(INFRA)

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        names = imported_names(file.tree)
        for node in file.nodes:
            if not isinstance(node, ast.Call):
                continue
            called = resolved(node.func, names)
            is_text = called.startswith("sqlalchemy") and called.rpartition(".")[2] in {"text", "literal_column"}
            if is_text or last_part(node) == "exec_driver_sql":
                yield self.breach(file, node.lineno, f"{last_part(node)}() is SQL as text")


class OwnTables(Rule):
    """Foreign keys and relationships stay inside the module. Another module's id is a plain column."""

    name = "own-tables"
    why = "tables that refer to each other across modules make one module of two"
    instead = "keep the foreign id in a plain column and ask the other module's facade"

    def check(self, tree: SourceTree) -> Iterator[Breach]:
        owners = {table: owner for file in tree.product for table, owner in _tables(file)}
        for file in tree.product:
            if file.module_parts is None:
                continue
            for node in file.nodes:
                if not isinstance(node, ast.Call):
                    continue
                if last_part(node) == "relationship":
                    yield self.breach(file, node.lineno, "an ORM relationship")
                for table in _referred(node):
                    if owners.get(table) != file.module_parts[:2]:
                        yield self.breach(file, node.lineno, f"a foreign key to {table}, which is not this module's")


def _tables(file: SourceFile) -> Iterator[tuple[str, tuple[str, str]]]:
    if file.module_parts is None:
        return
    for node in file.nodes:
        value: ast.expr | None = None
        if isinstance(node, ast.Assign) and any(last_part(one) == "__tablename__" for one in node.targets):
            value = node.value
        elif isinstance(node, ast.Call) and last_part(node) == "Table" and node.args:
            value = node.args[0]
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value, file.module_parts[:2]


def _referred(call: ast.Call) -> Iterator[str]:
    """Tables that ``ForeignKey("table.column")`` or ``ForeignKeyConstraint([...], ["table.column"])`` name."""
    if last_part(call) not in {"ForeignKey", "ForeignKeyConstraint"}:
        return
    for inner in ast.walk(call):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and "." in inner.value:
            yield inner.value.rpartition(".")[0]

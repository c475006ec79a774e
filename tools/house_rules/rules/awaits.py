"""Nothing but the database is awaited while a write transaction is open.

A write transaction is a block ``async with ….transaction(…) as tx`` (or ``system_transaction``) and, since
a caller's transaction is still open there, the whole body of an ``async def`` that takes a parameter
``tx``. Inside, whatever is awaited must be a call that ``tx`` takes part in, as its receiver or among its
arguments. That is an approximation: it trusts a function that was given ``tx``, and the same rule is then
applied to that function's body.
"""

import ast
from collections.abc import Iterator

from tools.house_rules.rule import Breach, FileRule
from tools.house_rules.rules.syntax import (
    dotted,
    imported_names,
    last_part,
    own_nodes,
    parameters,
    resolved,
    root_name,
)
from tools.house_rules.source import SourceFile

OPENERS = frozenset({"transaction", "system_transaction"})
NEVER = ("asyncio.", "anyio.", "httpx.", "websockets.", "concurrent.")


class WriteTransactionAwaits(FileRule):
    name = "write-transaction"
    why = (
        "SQLite has one writer: whatever waits inside a write transaction makes every other use case wait, "
        "and two things at once on one connection break it"
    )
    instead = "do it before or after the transaction, or with tx.on_commit(); pass tx to what belongs into it"

    def applies_to(self, file: SourceFile) -> bool:
        return file.is_python and file.under("src/careline/modules", "src/careline/infra", "src/careline/adapters")

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        names = imported_names(file.tree)
        for node in file.nodes:
            if isinstance(node, ast.AsyncWith):
                for item in node.items:
                    if _opens_transaction(item) and isinstance(item.optional_vars, ast.Name):
                        yield from self._check_body(file, node.body, item.optional_vars.id, names)
                    elif _opens_transaction(item) and item.optional_vars is None:
                        yield self.breach(file, node.lineno, "a write transaction without a name for it")
            elif isinstance(node, ast.AsyncFunctionDef) and any(one.arg == "tx" for one in parameters(node)):
                yield from self._check_body(file, node.body, "tx", names)

    def _check_body(self, file: SourceFile, body: list[ast.stmt], tx: str, names: dict[str, str]) -> Iterator[Breach]:
        for node in own_nodes(body):
            waited = _waited_for(node)
            for expression in waited:
                problem = _problem(expression, tx, names)
                if problem:
                    yield self.breach(file, expression.lineno, problem, last_line=expression.end_lineno)
            if isinstance(node, ast.Call) and resolved(node.func, names) == "time.sleep":
                yield self.breach(file, node.lineno, f"time.sleep while {tx} is open")


def _opens_transaction(item: ast.withitem) -> bool:
    call = item.context_expr
    return isinstance(call, ast.Call) and last_part(call) in OPENERS


def _waited_for(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Await):
        return [node.value]
    if isinstance(node, ast.AsyncFor):
        return [node.iter]
    if isinstance(node, ast.AsyncWith):
        return [item.context_expr for item in node.items]
    if isinstance(node, ast.comprehension) and node.is_async:
        return [node.iter]
    return []


def _problem(expression: ast.expr, tx: str, names: dict[str, str]) -> str | None:
    if not isinstance(expression, ast.Call):
        return f"something that is not a call with {tx} is awaited while {tx} is open"
    called = resolved(expression.func, names)
    shown = dotted(expression.func) or last_part(expression) or "a call"
    if called.startswith(NEVER):
        return f"{shown} is awaited while {tx} is open"
    if last_part(expression) in OPENERS:
        return f"a second transaction is opened while {tx} is open"
    if not _takes_part(expression, tx):
        return f"{shown} is awaited while {tx} is open and has no part in it"
    return None


def _takes_part(call: ast.Call, tx: str) -> bool:
    """Whether ``tx`` is the receiver, or given to this call or to one that its receiver is made of."""
    if root_name(call.func) == tx:
        return True
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if any(isinstance(value, ast.Name) and value.id == tx for value in given):
        return True
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    return isinstance(receiver, ast.Call) and _takes_part(receiver, tx)

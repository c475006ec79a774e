"""Every statement on a tenant's rows says which tenant's.

A model is tenant-owned when its class derives from ``TenantOwned`` or declares ``tenant_id``, or when it is
a ``Table`` with such a column. Every ``select``, ``update``, ``delete`` and ``exists`` that names one must
hold its ``tenant_id`` to a value, in ``where`` or in a join, directly or by equality with another model's
``tenant_id`` that is held. Conditions are followed through ``and_``, ``&``, names set once and functions of
the same file; what stands under ``or_`` or ``not_``, or is added in a branch, promises nothing. An upsert
must meet its own tenant's rows only. The value is not checked: a repository that compares with the wrong
tenant's id is found by the tests that ask as another tenant, and on PostgreSQL by row-level security.
"""

import ast
from collections.abc import Iterator

from tools.house_rules.rule import Breach, Rule
from tools.house_rules.rules.statements import READERS, Statement, Statements
from tools.house_rules.rules.syntax import last_part
from tools.house_rules.source import SourceFile, SourceTree

MIXIN = "TenantOwned"
BY_KEY = frozenset({"get", "get_one", "query"})


class TenantFilter(Rule):
    name = "tenant-filter"
    why = "one forgotten condition shows one centre's customers to another"
    instead = "add .where(Model.tenant_id == tx.tenant_id) for each model, or excuse work across tenants"

    def check(self, tree: SourceTree) -> Iterator[Breach]:
        owned = owned_models(tree)
        for file in tree.product:
            if "sqlalchemy" in file.text or "__table__" in file.text:
                yield from self._check_file(file, owned)

    def _check_file(self, file: SourceFile, owned: frozenset[str]) -> Iterator[Breach]:
        statements = Statements(file, owned)
        for statement in statements:
            problem = _problem(statements, statement)
            if problem:
                root = statement.root
                yield self.breach(file, root.lineno, problem, last_line=statement.end.end_lineno)
        for node in file.nodes:
            if isinstance(node, ast.Call) and last_part(node) in BY_KEY and node.args:
                first = node.args[0]
                if isinstance(first, ast.Name) and first.id in owned:
                    yield self.breach(file, node.lineno, f"{last_part(node)}({first.id}, …) knows no tenant")


def _problem(statements: Statements, statement: Statement) -> str | None:
    models = statements.models(statement)
    if statement.kind not in READERS:
        if models and not statements.held_upsert(statement):
            return f"an upsert of {', '.join(sorted(models))} may change another tenant's row"
        return None
    if not models:
        if statements.unseen_model(statement):
            return f"{statement.kind}() of a model that is not named here, so no filter can be seen"
        return None
    missing = models - statements.ties(statement).reach()
    if missing:
        return f"{statement.kind}() of {', '.join(sorted(missing))} without its tenant_id"
    return None


def owned_models(tree: SourceTree) -> frozenset[str]:
    """Names of every tenant-owned model and table of the product."""
    classes = [node for file in tree.product for node in file.nodes if isinstance(node, ast.ClassDef)]
    owned = {MIXIN} | {node.name for node in classes if _declares_tenant(node)}
    grown = True
    while grown:
        more = {node.name for node in classes if any(last_part(base) in owned for base in node.bases)}
        grown = not more <= owned
        owned |= more
    tables = {
        target.id
        for file in tree.product
        for node in file.nodes
        if isinstance(node, ast.Assign) and last_part(node.value) == "Table" and _has_tenant_column(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return frozenset(owned | tables)


def _declares_tenant(node: ast.ClassDef) -> bool:
    names = {last_part(one.target) for one in node.body if isinstance(one, ast.AnnAssign)}
    names |= {last_part(target) for one in node.body if isinstance(one, ast.Assign) for target in one.targets}
    return "tenant_id" in names and "__tablename__" in names


def _has_tenant_column(call: ast.expr) -> bool:
    return any(
        isinstance(inner, ast.Call)
        and last_part(inner) == "Column"
        and any(isinstance(one, ast.Constant) and one.value == "tenant_id" for one in inner.args)
        for inner in ast.walk(call)
    )

"""SQLAlchemy statements as they stand in a file: which models each one names, and which conditions it
carries.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tools.house_rules.rules.syntax import imported_names, last_part, names_in, resolved, root_name
from tools.house_rules.source import SourceFile

READERS = frozenset({"select", "update", "delete", "exists"})
BUILDERS = READERS | {"insert"}
CONDITIONS = frozenset({"where", "filter", "having", "join", "outerjoin", "join_from"})
DEEPEST = 4  # how far a condition is followed through names and functions of the file


@dataclass(frozen=True)
class Statement:
    """One statement: its first call (``select(…)``), the calls chained to it, and the expression they end
    in.
    """

    root: ast.Call
    kind: str
    chain: list[ast.Call]
    end: ast.expr


@dataclass
class Ties:
    """What the conditions say of tenants: models held to a value, and models held to each other."""

    anchored: set[str] = field(default_factory=set)
    linked: set[tuple[str, str]] = field(default_factory=set)

    def reach(self) -> set[str]:
        """Models whose tenant is fixed, directly or through another model."""
        reached = set(self.anchored)
        grown = True
        while grown:
            more = {b for a, b in self.linked if a in reached} | {a for a, b in self.linked if b in reached}
            grown = not more <= reached
            reached |= more
        return reached


class Statements:
    """The statements of one file, seen with the tenant-owned models that the whole tree has."""

    def __init__(self, file: SourceFile, owned: frozenset[str]) -> None:
        self._file = file
        self._imports = imported_names(file.tree)
        self._owned = owned | self._aliases(owned)

    def __iter__(self) -> Iterator[Statement]:
        for node in self._file.nodes:
            kind = self._kind(node)
            if kind and isinstance(node, ast.Call):
                yield self._from_root(node, kind)

    def models(self, statement: Statement) -> set[str]:
        """Tenant-owned models that stand in the statement's FROM, by name or alias."""
        found: set[str] = set()
        for call in (statement.root, *statement.chain):
            for argument in _arguments(call):
                found |= self._named(argument)
        if isinstance(statement.root.func, ast.Attribute):
            found |= names_in(statement.root.func.value) & self._owned
        return found

    def ties(self, statement: Statement) -> Ties:
        """The tenant conditions that always hold for the statement."""
        ties = Ties()
        for call in (*statement.chain, *self._extensions(statement)):
            method = last_part(call)
            if method == "filter_by":
                if any(keyword.arg == "tenant_id" for keyword in call.keywords):
                    ties.anchored |= set().union(*(self._named(one) for one in _arguments(statement.root)))
            elif method in CONDITIONS:
                for argument in _arguments(call):
                    self._collect(argument, ties, 0)
        outer = self._outer(statement)
        if outer is not None:
            # A correlated subquery: the outer statement is checked by itself.
            ties.anchored |= set().union(*(self._named(one) for one in _arguments(outer.root)))
        return ties

    def unseen_model(self, statement: Statement) -> bool:
        """Whether the statement is about a model that only the caller knows, so that nothing can be said."""
        parameters = self._parameters_around(statement.root)
        for argument in statement.root.args:
            if isinstance(argument, ast.Name) and argument.id in parameters:
                return True
            if isinstance(argument, ast.Attribute) and root_name(argument) in {"self", "cls"}:
                return True
        return False

    def held_upsert(self, statement: Statement) -> bool:
        """Whether ``on_conflict_do_update`` can only meet rows of the same tenant."""
        for call in statement.chain:
            if last_part(call) != "on_conflict_do_update":
                continue
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            ties = Ties()
            if "where" in given:
                self._collect(given["where"], ties, 0)
            elements = given.get("index_elements")
            named = ast.walk(elements) if elements is not None else ()
            by_index = any(
                (isinstance(one, ast.Constant) and one.value == "tenant_id")
                or (isinstance(one, ast.Attribute) and one.attr == "tenant_id")
                for one in named
            )
            if not by_index and not ties.anchored:
                return False
        return True

    def _kind(self, node: ast.AST) -> str | None:
        if not isinstance(node, ast.Call):
            return None
        called = resolved(node.func, self._imports)
        method = called.rpartition(".")[2]
        if called.startswith("sqlalchemy.") and method in BUILDERS:
            return method
        if isinstance(node.func, ast.Attribute) and node.func.attr in BUILDERS:
            owner = node.func.value
            is_table = isinstance(owner, ast.Attribute) and owner.attr == "__table__"
            is_name = isinstance(owner, ast.Name) and owner.id in self._owned
            return node.func.attr if is_table or is_name else None
        return None

    def _from_root(self, root: ast.Call, kind: str) -> Statement:
        chain: list[ast.Call] = []
        end: ast.expr = root
        while True:
            attribute = self._file.parents.get(end)
            call = self._file.parents.get(attribute) if attribute is not None else None
            if not isinstance(attribute, ast.Attribute) or not isinstance(call, ast.Call) or call.func is not attribute:
                return Statement(root, kind, chain, end)
            chain.append(call)
            end = call

    def _extensions(self, statement: Statement) -> Iterator[ast.Call]:
        """Calls of ``name = name.where(…)`` that follow in the same block, so that they always happen."""
        assignment = self._file.parents.get(statement.end)
        if not isinstance(assignment, ast.Assign) or not isinstance(assignment.targets[0], ast.Name):
            return
        name = assignment.targets[0].id
        for later in _following(self._file.parents.get(assignment), assignment):
            if isinstance(later, ast.Assign) and [last_part(one) for one in later.targets] == [name]:
                value = later.value
                if root_name(value) != name:
                    return
                while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
                    yield value
                    value = value.func.value

    def _outer(self, statement: Statement) -> Statement | None:
        node: ast.AST | None = self._file.parents.get(statement.end)
        while node is not None and not isinstance(node, ast.stmt):
            if isinstance(node, ast.Call):
                for inner in self._roots_of(node):
                    if inner is not statement.root:
                        return self._from_root(inner, self._kind(inner) or "")
            node = self._file.parents.get(node)
        return None

    def _roots_of(self, call: ast.Call) -> Iterator[ast.Call]:
        """The first call of the chain that ``call`` belongs to, when that is a statement."""
        node: ast.expr = call
        while isinstance(node, ast.Call):
            if self._kind(node):
                yield node
            if not isinstance(node.func, ast.Attribute):
                return
            node = node.func.value

    def _named(self, node: ast.AST) -> set[str]:
        """Owned models inside an expression, not counting statements nested in it."""
        if isinstance(node, ast.Call) and any(self._roots_of(node)):
            return set()
        if isinstance(node, ast.Name):
            return {node.id} & self._owned or self._columns.get(node.id, set())
        found: set[str] = set()
        for child in ast.iter_child_nodes(node):
            found |= self._named(child)
        return found

    @cached_property
    def _columns(self) -> dict[str, set[str]]:
        """Tuples and lists of columns kept under a name, to be spread into statements."""
        return {
            target.id: names_in(node.value) & self._owned
            for node in self._file.nodes
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple | ast.List)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    def _aliases(self, owned: frozenset[str]) -> set[str]:
        return {
            target.id
            for node in self._file.nodes
            if isinstance(node, ast.Assign) and last_part(node.value) in {"aliased", "alias"}
            if names_in(node.value) & owned
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    def _parameters_around(self, node: ast.AST) -> set[str]:
        above: ast.AST | None = node
        while above is not None and not isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
            above = self._file.parents.get(above)
        return set() if above is None else {one.arg for one in ast.walk(above.args) if isinstance(one, ast.arg)}

    def _collect(self, node: ast.AST, ties: Ties, depth: int) -> None:
        """Gather what must be true of ``tenant_id`` when the condition is; ``or`` and ``not`` promise
        nothing.
        """
        if depth > DEEPEST:
            return
        if isinstance(node, ast.Compare):
            if len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
                self._compare(node.left, node.comparators[0], ties)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
            self._collect(node.left, ties, depth)
            self._collect(node.right, ties, depth)
        elif isinstance(node, ast.Tuple | ast.List):
            for element in node.elts:
                self._collect(element, ties, depth)
        elif isinstance(node, ast.Starred):
            self._collect(node.value, ties, depth)
        elif isinstance(node, ast.Call):
            self._collect_call(node, ties, depth)
        elif isinstance(node, ast.Name):
            for value in self._values_of(node):
                self._collect(value, ties, depth + 1)

    def _collect_call(self, call: ast.Call, ties: Ties, depth: int) -> None:
        name = last_part(call)
        if name == "and_":
            for argument in call.args:
                self._collect(argument, ties, depth)
        elif name == "in_" and isinstance(call.func, ast.Attribute):
            model = self._tenant_of(call.func.value)
            ties.anchored |= {model} if model else set()
        elif name not in {"or_", "not_"}:
            for function in self._file.functions:
                if function.name == name:
                    for inner in ast.walk(function):
                        if isinstance(inner, ast.Return) and inner.value is not None:
                            self._collect(inner.value, ties, depth + 1)

    def _compare(self, left: ast.expr, right: ast.expr, ties: Ties) -> None:
        one, other = self._tenant_of(left), self._tenant_of(right)
        if one and other:
            ties.linked.add((one, other))
        elif one or other:
            ties.anchored.add(one or other or "")

    def _tenant_of(self, node: ast.AST) -> str | None:
        """The owned model whose ``tenant_id`` column an expression is."""
        if isinstance(node, ast.Attribute) and node.attr == "tenant_id" and root_name(node) in self._owned:
            return root_name(node)
        return None

    def _values_of(self, name: ast.Name) -> list[ast.expr]:
        """What a name was set to in the function around it, when it was set once."""
        around: ast.AST | None = name
        while around is not None and not isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            around = self._file.parents.get(around)
        values = [
            node.value
            for node in ast.walk(around or self._file.tree)
            if isinstance(node, ast.Assign) and [last_part(one) for one in node.targets] == [name.id]
        ]
        return values if len(values) == 1 else []


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _following(block: ast.AST | None, statement: ast.stmt) -> list[ast.stmt]:
    for _, value in ast.iter_fields(block) if block is not None else ():
        if isinstance(value, list) and statement in value:
            return value[value.index(statement) + 1 :]
    return []

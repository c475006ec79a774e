"""Reading Python syntax: small questions that several rules ask."""

import ast
from collections.abc import Iterator


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of nested attributes and names; "" when something else is underneath."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def root_name(node: ast.AST) -> str:
    """The name at the bottom of attributes, calls and subscripts: ``tx`` of ``tx.rows(x)[0].all``."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def last_part(node: ast.AST) -> str:
    """``requires`` of ``requires``, ``security.requires`` and ``security.requires(…)``."""
    if isinstance(node, ast.Call):
        return last_part(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def names_in(node: ast.AST) -> set[str]:
    """Every plain name that is read anywhere inside."""
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def imported_names(tree: ast.Module) -> dict[str, str]:
    """Local name → full dotted name, for every import of the file."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module or ''}.{alias.name}"
    return names


def resolved(node: ast.AST, names: dict[str, str]) -> str:
    """The full dotted name of an expression, by the file's imports: ``datetime.datetime.now``."""
    first, dot, rest = dotted(node).partition(".")
    return f"{names.get(first, first)}{dot}{rest}"


def own_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Every node of a block, but not what lies in functions and classes defined inside it."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        waiting.extend(ast.iter_child_nodes(node))


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """All parameters, of every kind."""
    arguments = function.args
    extra = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]

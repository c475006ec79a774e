"""Every route says who may use it: a permission, or that it is for everybody."""

import ast
import re
from collections.abc import Iterator

from tools.house_rules.rule import Breach, FileRule
from tools.house_rules.rules.syntax import last_part
from tools.house_rules.source import SourceFile

METHODS = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "websocket", "route", "api_route", "websocket_route"}
)
ADDERS = frozenset({"add_api_route", "add_route", "add_websocket_route", "add_api_websocket_route"})
MARKERS = frozenset({"requires", "signed_in", "visitor", "public"})
# Everything that is decorated with ``.get(…)`` and the like is taken for a route, whatever its owner is called.
NOT_ROUTERS = frozenset({"respx", "schema", "client"})
PERMISSION = re.compile(r"^[a-z][a-z0-9_-]*:[a-z][a-z0-9_-]*$")


class EndpointPermission(FileRule):
    """A route declares its permission in its decorator or signature, directly or by a name of the same file
    (``Reader = Annotated[Actor, requires("case:read")]``). What a router declares for all its routes does not
    count: it is not seen by who reads the route."""

    name = "endpoint-permission"
    why = "a route without a permission is open to whoever finds it, and nobody notices"
    instead = 'declare requires("resource:action"), signed_in(), visitor(), or public() when everybody may'

    def applies_to(self, file: SourceFile) -> bool:
        return file.is_python and file.under("src")

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        known = _names_with_marker(file)
        for node in file.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                routes = [one for one in node.decorator_list if _is_route(one)]
                said: list[ast.AST] = [*routes, node.args]
                if routes and not any(_declares(one, known) for one in said):
                    yield self.breach(file, node.lineno, f"the route {node.name} declares no permission")
            elif isinstance(node, ast.Call) and last_part(node) in ADDERS and not _declares(node, known):
                yield self.breach(file, node.lineno, f"{last_part(node)} declares no permission")
            if isinstance(node, ast.Call) and last_part(node) == "requires":
                yield from self._check_code(file, node)

    def _check_code(self, file: SourceFile, call: ast.Call) -> Iterator[Breach]:
        codes = [one.value for one in call.args if isinstance(one, ast.Constant)]
        if not call.args:
            yield self.breach(file, call.lineno, "requires() names no permission")
        for code in codes:
            if not isinstance(code, str) or not PERMISSION.match(code):
                yield self.breach(file, call.lineno, f"{code!r} is not of the form resource:action")


def _is_route(decorator: ast.expr) -> bool:
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
        return False
    owner = last_part(decorator.func.value).lower()
    return decorator.func.attr in METHODS and owner not in NOT_ROUTERS


def _declares(node: ast.AST, known: frozenset[str]) -> bool:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and last_part(inner) in MARKERS:
            return True
        if isinstance(inner, ast.Name) and inner.id in known:
            return True
    return False


def _names_with_marker(file: SourceFile) -> frozenset[str]:
    """Names of the file that stand for a marked dependency."""
    known: set[str] = set()
    for statement in file.nodes:
        if isinstance(statement, ast.Assign):
            targets: list[ast.expr] = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        else:
            continue
        if statement.value is not None and _declares(statement.value, frozenset(known)):
            known.update(target.id for target in targets if isinstance(target, ast.Name))
    return frozenset(known)

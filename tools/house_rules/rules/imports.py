"""Imports: none hidden to break a circle, and libraries only where they belong."""

import ast
from collections.abc import Iterator, Mapping

from tools.house_rules.rule import Breach, FileRule
from tools.house_rules.rules.syntax import last_part
from tools.house_rules.source import SourceFile


class HiddenImport(FileRule):
    """Imports of ours stand at the top of the file, where the contracts and the reader see them."""

    name = "hidden-import"
    why = "an import in a function or behind TYPE_CHECKING hides a circle instead of ending it"
    instead = "move what is shared to a lower file, and import it at the top"

    def applies_to(self, file: SourceFile) -> bool:
        return file.is_python and file.under("src")

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        for node in file.nodes:
            if isinstance(node, ast.Import | ast.ImportFrom) and _is_ours(node):
                place = _hiding_place(file, node)
                if place:
                    yield self.breach(file, node.lineno, f"an import of careline {place}")
            elif isinstance(node, ast.Call) and last_part(node) in {"import_module", "__import__"}:
                first = node.args[0] if node.args else None
                named = first.value if isinstance(first, ast.Constant) else ""
                if str(named).split(".")[0] == "careline" or str(named).startswith("."):
                    yield self.breach(file, node.lineno, "an import of careline by its name as text")


def _is_ours(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level > 0 or (node.module or "").split(".")[0] == "careline"
    return any(alias.name.split(".")[0] == "careline" for alias in node.names)


def _hiding_place(file: SourceFile, node: ast.AST) -> str | None:
    above: ast.AST | None = file.parents.get(node)
    while above is not None:
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
            return f"inside the function {above.name}"
        if isinstance(above, ast.If) and any(last_part(one) == "TYPE_CHECKING" for one in ast.walk(above.test)):
            return "behind TYPE_CHECKING"
        above = file.parents.get(above)
    return None


_WEB = (
    "src/careline/infra",
    "src/careline/entrypoints",
    "src/careline/bootstrap",
    "src/careline/bootstrap.py",
    "src/careline/callers.py",
)
_OUTWARD = ("src/careline/infra", "src/careline/adapters", "src/careline/entrypoints")

# library → (folders where it may be imported, files of a module where it may be imported)
PLACES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fastapi": (_WEB, ("endpoints", "wiring")),
    "starlette": (_WEB, ("endpoints", "wiring")),
    "uvicorn": (_WEB, ()),
    "uvloop": (_WEB, ()),
    "typer": (("src/careline/entrypoints",), ()),
    "httpx": (_OUTWARD, ()),
    "aiohttp": (_OUTWARD, ()),
    "requests": (_OUTWARD, ()),
    "websockets": (_OUTWARD, ()),
    "http.client": (_OUTWARD, ()),
    "urllib.request": (_OUTWARD, ()),
    "socket": (_OUTWARD, ()),
    "subprocess": (_OUTWARD, ()),
    "smtplib": (_OUTWARD, ()),
    "os.environ": (_OUTWARD, ()),
    "os.getenv": (_OUTWARD, ()),
}


class LibraryPlace(FileRule):
    """Each library that reaches outside has its place; decisions are made without them."""

    name = "library-place"
    why = "a decision that knows HTTP, sockets or the environment cannot be tested or moved without them"
    instead = "use it behind a port, in an adapter, in infra or in the module's endpoints"

    def applies_to(self, file: SourceFile) -> bool:
        return file.is_python and file.under("src")

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        for node in file.nodes:
            for name in _libraries(node):
                library = next((one for one in PLACES if name == one or name.startswith(one + ".")), None)
                if library is None:
                    continue
                folders, roles = PLACES[library]
                if not file.under(*folders) and not file.plays(*roles):
                    yield self.breach(file, getattr(node, "lineno", 1), f"{library} is not used here")


def _libraries(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
        return [f"os.{node.attr}"]
    return []

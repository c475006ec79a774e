"""The files under inspection, read and parsed once and then shared by all rules."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

LOOKED_AT = ("src", "tests", "tools", "benchmarks", "ui/src", "ui/public", "docs", "deploy", "changes", ".ci")
SUFFIXES = frozenset(
    ".py .pyi .ts .tsx .css .html .md .toml .sh .json .conf .yml .yaml .service .ini .cfg .mako".split()  # noqa: SIM905
)
PASSED_OVER = frozenset({"node_modules", "__pycache__", "dist", "build", "var", "generated"})
BARE_NAMES = frozenset({"Makefile", "run"})

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class SourceFile:
    """One text file. ``path`` is relative to the root, with forward slashes."""

    path: PurePosixPath
    text: str

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def is_python(self) -> bool:
        return self.path.suffix == ".py"

    @property
    def is_script(self) -> bool:
        """TypeScript, with or without JSX, but no declarations of types only."""
        return self.path.suffix in {".ts", ".tsx"} and not self.path.name.endswith(".d.ts")

    def under(self, *folders: str) -> bool:
        """Whether the file lies in one of ``folders``, each relative to the root."""
        return any(self.path.is_relative_to(folder) for folder in folders)

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree; a file that does not parse is reported by ``SyntaxError``."""
        return ast.parse(self.text, filename=str(self.path))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Child → parent for every node of the tree."""
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree, outer before inner."""
        return list(ast.walk(self.tree))

    @cached_property
    def functions(self) -> list[FunctionNode]:
        return [node for node in self.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    @cached_property
    def module_parts(self) -> tuple[str, str, str] | None:
        """(domain, module, rest of the path inside the module) for a file of a module, else None."""
        parts = self.path.parts
        if parts[:3] != ("src", "careline", "modules") or len(parts) < 6:
            return None
        return parts[3], parts[4], "/".join(parts[5:])

    def plays(self, *roles: str) -> bool:
        """Whether this is one of a module's files by role: ``plays("repository")`` is true of
        ``repository.py`` and of every file in a folder ``repository/``.
        """
        if self.module_parts is None:
            return False
        first = self.module_parts[2].split("/")[0].removesuffix(".py")
        return first in roles


@dataclass(frozen=True)
class SourceTree:
    """Every file of the project that some rule looks at."""

    root: Path
    files: list[SourceFile] = field(default_factory=list)

    @cached_property
    def python(self) -> list[SourceFile]:
        return [file for file in self.files if file.is_python]

    @cached_property
    def product(self) -> list[SourceFile]:
        """Python files of the product itself."""
        return [file for file in self.python if file.under("src")]


def read_tree(root: Path) -> SourceTree:
    """Read what lies under ``root``; folders that tools fill are passed over."""
    paths = [path for path in sorted(root.iterdir()) if path.is_file() and _is_text(path)]
    for folder in LOOKED_AT:
        paths.extend(_walk(root / folder))
    files = [
        SourceFile(PurePosixPath(path.relative_to(root).as_posix()), path.read_text(encoding="utf-8"))
        for path in dict.fromkeys(paths)
    ]
    return SourceTree(root, files)


def _walk(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in PASSED_OVER)
        yield from (path for name in sorted(names) if _is_text(path := Path(where) / name))


def _is_text(path: Path) -> bool:
    return (path.suffix in SUFFIXES or path.name in BARE_NAMES) and path.name != "package-lock.json"

"""Packages: each opens with its paragraph and holds nothing else there; each module has its tests."""

import ast
from collections.abc import Iterator

from tools.house_rules.rule import Breach, FileRule, Rule
from tools.house_rules.source import SourceFile, SourceTree

FEWEST_WORDS = 8
WORKS = ("endpoints", "tasks", "subscribers", "live", "service", "services", "repository", "states", "rules", "engine")


class PackageParagraph(FileRule):
    """An ``__init__`` of the product is its paragraph only: code there runs whenever a door is imported,
    unseen by the import contracts. ``__version__`` and the like may stand in it. A folder of tests
    may be shorter: what it tests has its own paragraph.
    """

    name = "package-paragraph"
    why = "a newcomer asks what is in here, and the first file of the folder answers"
    instead = "open __init__.py with a sentence on what it owns, promises and publishes, and keep code out of it"

    def applies_to(self, file: SourceFile) -> bool:
        return file.path.name == "__init__.py" and file.under("src", "tests", "tools", "benchmarks")

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        paragraph = (ast.get_docstring(file.tree) or "").strip()
        if not paragraph:
            yield self.breach(file, 1, "the package has no paragraph")
        elif file.under("src", "tools") and not _is_sentence(paragraph):
            yield self.breach(file, 1, f"the paragraph is not a sentence of {FEWEST_WORDS} words that ends")
        if not file.under("src"):
            return
        for statement in file.tree.body[1:] if paragraph else file.tree.body:
            if not _is_dunder(statement):
                yield self.breach(file, statement.lineno, "code in an __init__")


def _is_sentence(paragraph: str) -> bool:
    return len(paragraph.split()) >= FEWEST_WORDS and paragraph.endswith((".", "。"))


def _is_dunder(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign):
        return False
    return all(isinstance(one, ast.Name) and one.id.startswith("__") for one in statement.targets)


class ModuleTests(Rule):
    """Only what decides, stores or answers needs tests of its own: ports and records say what, not how."""

    name = "module-tests"
    why = "a module without tests of its own is tested by its users"
    instead = "add tests/modules/<domain>/<module>/ or tests/modules/<module>/ that mirrors the source"

    def check(self, tree: SourceTree) -> Iterator[Breach]:
        tested = {
            folder
            for file in tree.python
            if file.path.name.startswith("test_") and file.under("tests/modules")
            for folder in file.path.parents
        }
        modules: dict[tuple[str, str], SourceFile] = {}
        for file in tree.product:
            if file.module_parts and file.plays(*WORKS):
                modules.setdefault(file.module_parts[:2], file)
        for (domain, module), file in modules.items():
            wanted = {f"tests/modules/{module}", f"tests/modules/{domain}/{module}"}
            if not wanted & {str(folder) for folder in tested}:
                yield self.breach(file, 1, f"the module {domain}.{module} has no tests")

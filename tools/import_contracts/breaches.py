"""The common part of our contract types: a breach is one import, shown with its line and what to do
instead.
"""

import abc
from dataclasses import dataclass
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output
from importlinter.application import contract_utils
from importlinter.domain import fields


@dataclass(frozen=True, order=True)
class Breach:
    """One import that a contract refuses. ``why`` completes "importer -> imported (l.7): …"."""

    importer: str
    imported: str
    why: str


class DirectImportContract(Contract):
    """Base of contracts that look at each direct import by itself."""

    broken_contract_guidance = fields.TextField(required=False)

    @abc.abstractmethod
    def find_breaches(self, graph: ImportGraph) -> set[Breach]:
        """Every import that breaks the contract."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found = []
        for breach in sorted(self.find_breaches(graph)):
            details = graph.get_import_details(importer=breach.importer, imported=breach.imported)
            found.append((breach, sorted(detail["line_number"] for detail in details)))
        return ContractCheck(kept=not found, metadata={"breaches": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for breach, lines in check.metadata["breaches"]:
            where = ", ".join(str(line) for line in lines) or "?"
            output.print_error(f"- {breach.importer} -> {breach.imported} (l.{where}): {breach.why}", bold=False)
        output.new_line()
        guidance: Any = self.broken_contract_guidance
        contract_utils.render_broken_contract_guidance(guidance)


def direct_imports(graph: ImportGraph, sources: set[str]) -> set[tuple[str, str]]:
    """Pairs (importer, imported) of every direct import made by ``sources``."""
    return {
        (importer, imported) for importer in sources for imported in graph.find_modules_directly_imported_by(importer)
    }


def is_within(name: str, package: str) -> bool:
    """Whether a dotted module name is ``package`` or lies under it."""
    return name == package or name.startswith(package + ".")

"""Layers whose containers may not have been built yet.

import-linter lets a *layer* be optional but not a *container*. The house makes a folder when its first line
of code is written, yet its place in the order is known from the first day; so containers that are not there
are passed over.
"""

from typing import Any

from grimp import ImportGraph
from importlinter import ContractCheck
from importlinter.contracts.layers import LayersContract
from importlinter.domain.helpers import module_expressions_to_modules


class HouseLayersContract(LayersContract):
    """``layers`` as import-linter knows them; containers that do not exist are skipped."""

    type_name = "house_layers"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        contract: Any = self
        # A wildcard container (careline.modules.*.*) also matches single files; they have no children to
        # order.
        present = [
            expression
            for expression in contract.containers
            if any(module.name in graph.modules for module in module_expressions_to_modules(graph, [expression]))
        ]
        if not present:
            return ContractCheck(kept=True, metadata={"invalid_dependencies": [], "undeclared_modules": set()})
        contract.containers = present
        return super().check(graph, verbose)

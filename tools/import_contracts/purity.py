"""Purity: files that hold logic only, so that they run the same live, in the simulator and in a property
test.
"""

import sys
from typing import Any

from grimp import ImportGraph
from importlinter.domain import fields
from importlinter.domain.helpers import module_expressions_to_modules

from tools.import_contracts.breaches import Breach, DirectImportContract, direct_imports, is_within


class PurityContract(DirectImportContract):
    """Options: ``root``, ``sources`` (expressions), ``may_import`` (packages of ours), ``own_files``,
    ``third_party``.

    A source may import itself, the standard library, ``may_import``, those ``own_files`` that lie beside it
    in its own module and, when ``third_party`` is true, libraries. The standard library's ways to the
    outside (``io_modules``) are refused too: a file that opens a socket is not logic.
    """

    type_name = "purity"

    root = fields.StringField()
    sources = fields.ListField(subfield=fields.ModuleExpressionField())
    may_import = fields.SetField(subfield=fields.StringField())
    own_files = fields.SetField(subfield=fields.StringField(), required=False)
    third_party = fields.BooleanField(default=False)
    io_modules = fields.SetField(subfield=fields.StringField(), required=False)

    def find_breaches(self, graph: ImportGraph) -> set[Breach]:
        sources: Any = self.sources
        breaches = set()
        for source in module_expressions_to_modules(graph, sources):
            if source.name not in graph.modules:
                continue
            family = {source.name, *graph.find_descendants(source.name)}
            for importer, imported in direct_imports(graph, family):
                why = None if is_within(imported, source.name) else self._refusal(source.name, imported)
                if why:
                    breaches.add(Breach(importer, imported, why))
        return breaches

    def _refusal(self, source: str, imported: str) -> str | None:
        root: Any = self.root
        may_import: Any = self.may_import
        own_files: Any = self.own_files or set()
        io_modules: Any = self.io_modules or set()
        beside = source.rpartition(".")[0]
        if is_within(imported, root):
            allowed = [*may_import, *(f"{beside}.{file}" for file in own_files)]
            if any(is_within(imported, name) for name in allowed):
                return None
            return "pure logic takes what it needs as an argument"
        top = imported.partition(".")[0]
        if top in io_modules:
            return f"{top} reaches outside; pure logic does no I/O"
        if top not in sys.stdlib_module_names and not self.third_party:
            return "only the standard library and the kernel are allowed here"
        return None

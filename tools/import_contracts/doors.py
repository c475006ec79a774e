"""Doors: which files of a module the rest of the house may import.

A module is ``<modules>.<domain>.<module>``. Another module may import its doors only; the parts outside the
modules (adapters, bootstrap, entrypoints) each have their own, listed as ``<package> -> <file> <file> …``.
Importing a module's package or its domain's package is refused as well, since everything can be reached
from there.
"""

from typing import Any

from grimp import ImportGraph
from importlinter.domain import fields

from tools.import_contracts.breaches import Breach, DirectImportContract, direct_imports, is_within


class _Outsider(fields.Field[tuple[str, frozenset[str]]]):
    """``careline.adapters -> ports events views``."""

    def parse(self, raw_data: str | list[str]) -> tuple[str, frozenset[str]]:
        package, arrow, files = str(raw_data).partition("->")
        if not arrow or not package.strip() or not files.split():
            raise fields.ValidationError(f"expected '<package> -> <file> <file> …', got {raw_data!r}")
        return package.strip(), frozenset(files.split())


class DoorsContract(DirectImportContract):
    """Options: ``modules`` (the package that holds domains), ``doors`` (file names), ``outsiders``."""

    type_name = "doors"

    modules = fields.StringField()
    doors = fields.SetField(subfield=fields.StringField())
    outsiders = fields.ListField(subfield=_Outsider(), required=False)

    def find_breaches(self, graph: ImportGraph) -> set[Breach]:
        root: Any = self.modules
        breaches = set()
        for importer, imported in direct_imports(graph, graph.modules):
            if not is_within(imported, root) or imported == root:
                continue
            open_doors = self._open_to(importer, imported)
            if open_doors is None:
                continue
            parts = imported.removeprefix(root + ".").split(".")
            if len(parts) < 3:
                why = f"names the package, not one of its doors ({', '.join(sorted(open_doors))})"
            elif parts[2] not in open_doors:
                why = f"{parts[2]} is not a door for {self._who(importer)}; use {', '.join(sorted(open_doors))}"
            else:
                continue
            breaches.add(Breach(importer, imported, why))
        return breaches

    def _open_to(self, importer: str, imported: str) -> frozenset[str] | None:
        """The files that ``importer`` may name in the module of ``imported``; None when it is at home
        there.
        """
        root: Any = self.modules
        doors: Any = self.doors
        outsiders: Any = self.outsiders or []
        if is_within(importer, root):
            at_home = _module_of(importer, root)
            return None if at_home is not None and at_home == _module_of(imported, root) else frozenset(doors)
        for package, files in outsiders:
            if is_within(importer, package):
                return files  # type: ignore[no-any-return]  # the field's parse gives a frozenset
        return frozenset(doors)

    def _who(self, importer: str) -> str:
        root: Any = self.modules
        return "another module" if is_within(importer, root) else ".".join(importer.split(".")[:2])


def _module_of(name: str, root: str) -> str | None:
    parts = name.removeprefix(root).removeprefix(".").split(".")
    return ".".join(parts[:2]) if len(parts) >= 2 else None

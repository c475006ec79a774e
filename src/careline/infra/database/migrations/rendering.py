"""How a new revision is written: our column types by their names, a policy for each table of tenants, and triggers for
each table that only grows.
"""

from collections.abc import Iterable
from typing import Any, Literal

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation
from alembic.operations.ops import CreateTableOp, MigrationScript, OpContainer
from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, BigInteger, Column

from careline.infra.database.types import UtcDateTime

_OURS = "from careline.infra.database.types import "
_STEPS = "from careline.infra.database.migrations.steps import "


class ProtectTenantRows(MigrateOperation):
    """Stands for ``protect_tenant_rows(table)`` in a revision that is being written."""

    def __init__(self, table: str) -> None:
        self.table = table

    def to_diff_tuple(self) -> tuple[str, str]:
        return ("protect_tenant_rows", self.table)


@renderers.dispatch_for(ProtectTenantRows)
def _render_protection(autogen_context: AutogenContext, operation: ProtectTenantRows) -> str:
    autogen_context.imports.add(_STEPS + "protect_tenant_rows")
    return f"protect_tenant_rows({operation.table!r})"


class RefuseRowChanges(MigrateOperation):
    """Stands for ``refuse_row_changes(table)`` in a revision that is being written."""

    def __init__(self, table: str) -> None:
        self.table = table

    def to_diff_tuple(self) -> tuple[str, str]:
        return ("refuse_row_changes", self.table)


@renderers.dispatch_for(RefuseRowChanges)
def _render_refusal(autogen_context: AutogenContext, operation: RefuseRowChanges) -> str:
    autogen_context.imports.add(_STEPS + "refuse_row_changes")
    return f"refuse_row_changes({operation.table!r})"


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Our types by name, so that a revision serves both databases; everything else as alembic does it."""
    if kind != "type":
        return False
    name = _name_of(item)
    if name is None:
        return False
    autogen_context.imports.add(_OURS + name)
    return f"{name}()" if name == "UtcDateTime" else name


def _name_of(item: Any) -> str | None:
    if isinstance(item, UtcDateTime):
        return "UtcDateTime"
    if isinstance(item, JSON):
        return "Json"
    if isinstance(item, BigInteger) and "sqlite" in item._variant_mapping:
        return "BigId"
    return None


def protect_tenants(
    _context: MigrationContext, _revision: str | Iterable[str | None], scripts: list[MigrationScript]
) -> None:
    """Add policy and triggers after each new table that belongs to tenants or only grows."""
    for script in scripts:
        if script.upgrade_ops is not None:
            _protect_in(script.upgrade_ops)


def _protect_in(container: OpContainer) -> None:
    grown: list[MigrateOperation] = []
    for operation in container.ops:
        grown.append(operation)
        if isinstance(operation, OpContainer):
            _protect_in(operation)
        if isinstance(operation, CreateTableOp) and _has_tenant(operation.columns):
            grown.append(ProtectTenantRows(operation.table_name))
        if isinstance(operation, CreateTableOp) and operation.info.get("append_only"):
            grown.append(RefuseRowChanges(operation.table_name))
    container.ops[:] = grown


def _has_tenant(columns: Iterable[object]) -> bool:
    return any(isinstance(column, Column) and column.name == "tenant_id" for column in columns)

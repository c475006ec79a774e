"""Rows by a list of keys, which is one parameter: the statement is the same text however many there are.

Written out, each number of keys is another statement, to be built by us and planned by the database.

>>> _NAMES = Prepared(select(PartyRow.id, PartyRow.name).where(among(PartyRow.id, "keys")))
>>> rows = (await reading.run(_NAMES, {"keys": ids})).all()
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, Boolean, ColumnElement, Dialect, Text, Uuid, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine


class Keys(TypeDecorator[Iterable[UUID]]):
    """Ids as one value: an array, or JSON of them as SQLite keeps ids."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Uuid()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Iterable[UUID] | None, dialect: Dialect) -> Any:
        if value is None:
            raise ValueError("no keys are an empty list")
        return list(value) if dialect.name == "postgresql" else msgspec.json.encode([one.hex for one in value]).decode()


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> "_Among":
        """As it stands: SQLite has no booleans, so ``= 1`` would be put behind, and no index fits that."""
        return self


def among(column: Any, name: str) -> ColumnElement[bool]:
    """Whether a column of ids holds one of the ids that are given as the parameter ``name``."""
    return _Among(column, bindparam(name, type_=Keys()))


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(one, **kw) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({keys}))"  # noqa: S608 - compiled columns and the sign of a parameter


@compiles(_Among, "postgresql")
def _any_of_array(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, keys = (compiler.process(one, **kw) for one in element.clauses)
    return f"{column} = ANY ({keys})"

"""Statements that are built once and run often.

Building a statement takes longer than running it, and on SQLite SQLAlchemy's way of running one takes longer than
SQLite does. A prepared statement is compiled once for each set of parameters; on SQLite it then goes to the driver
directly, with the same types in and out. On PostgreSQL, where the server is what one waits for, SQLAlchemy runs it.

>>> _FIND = Prepared(select(CaseRow.id, CaseRow.state).where(CaseRow.tenant_id == bindparam("of_tenant"), …))
>>> row = (await reading.run(_FIND, {"of_tenant": reading.tenant_id, …})).one_or_none()
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import BindParameter, Connection, Executable
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound, StatementError
from sqlalchemy.sql.expression import SelectBase, UpdateBase
from sqlalchemy.types import TypeEngine

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]

_Convert = Callable[[Any], Any]


class Found(Protocol):
    """What a statement gave; rows have their columns as attributes."""

    @property
    def rowcount(self) -> int:
        """How many rows a change has changed."""
        ...

    def all(self) -> Sequence[Any]:
        """Every row."""
        ...

    def one(self) -> Any:
        """The only row; anything else is an error."""
        ...

    def one_or_none(self) -> Any:
        """The only row, or None when there is none; several are an error."""
        ...

    def scalar_one(self) -> Any:
        """The first column of the only row."""
        ...

    def scalar_one_or_none(self) -> Any:
        """The first column of the only row, or None."""
        ...


class Prepared:
    """A statement whose parameters all have names; lists of values in ``IN`` are not for it."""

    def __init__(self, statement: SelectBase | UpdateBase) -> None:
        assert isinstance(statement, Executable)
        self.executable: Executable = statement
        self._statement = statement
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def run(self, connection: Connection, parameters: Parameters) -> Found:
        """Run it on a connection of SQLite. Errors are SQLAlchemy's."""
        one = parameters if isinstance(parameters, Mapping) else parameters[0]
        names = tuple(one)
        plan = self._plans.get(names)
        if plan is None:
            plan = self._plans[names] = _Plan(self._statement, names, connection)
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        try:
            if isinstance(parameters, Mapping):
                return _Rows(raw.execute(plan.text, plan.bound(parameters)), plan)
            return _Rows(raw.executemany(plan.text, [plan.bound(each) for each in parameters]), plan)
        except sqlite3.Error as error:
            raise DBAPIError.instance(plan.text, None, error, sqlite3.Error, hide_parameters=True) from error


class _Plan:
    """What the driver is given for one set of parameters, and how its values become ours."""

    def __init__(self, statement: SelectBase | UpdateBase, names: Sequence[str], on: Connection) -> None:
        compiled = statement.compile(dialect=on.dialect, column_keys=list(names))
        self.text = str(compiled)
        binds: Mapping[str, BindParameter[Any]] = compiled.binds
        # Either the name of a parameter and what converts it, or no name and the value.
        self._places: list[tuple[str | None, Any]] = []
        for name in compiled.positiontup or ():
            bind = binds[name]
            if bind.expanding or bind.literal_execute:
                raise ValueError("what is written into the text makes another statement each time")
            convert: _Convert = _implementation(bind.type, on).bind_processor(on.dialect) or _as_it_is
            if bind.key in names:
                self._places.append((bind.key, convert))
            elif bind.required:
                raise StatementError(f"a value is required for {bind.key}", self.text, None, None)
            else:
                self._places.append((None, convert(bind.effective_value)))
        columns = list(statement.exported_columns)
        self.row: Any = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]
        processors = [_implementation(column.type, on).result_processor(on.dialect, None) for column in columns]
        self.converts = [(place, convert) for place, convert in enumerate(processors) if convert is not None]

    def bound(self, parameters: Mapping[str, Any]) -> list[Any]:
        """The driver's values, in the order of their places."""
        return [what if name is None else what(parameters[name]) for name, what in self._places]


class _Rows:
    """All rows of one statement, fetched."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, cursor: sqlite3.Cursor, plan: _Plan) -> None:
        self._rows: list[Any] = []
        if cursor.description is not None:
            for fetched in cursor.fetchall():
                values = list(fetched)
                for place, convert in plan.converts:
                    values[place] = convert(values[place])
                self._rows.append(plan.row._make(values))
        self.rowcount = cursor.rowcount

    def all(self) -> Sequence[Any]:
        return self._rows

    def one(self) -> Any:
        row = self.one_or_none()
        if row is None:
            raise NoResultFound("no row where there must be one")
        return row

    def one_or_none(self) -> Any:
        if len(self._rows) > 1:
            raise MultipleResultsFound("several rows where there may be one")
        return self._rows[0] if self._rows else None

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        row = self.one_or_none()
        return None if row is None else row[0]


def _as_it_is(value: Any) -> Any:
    return value


def _implementation(of: TypeEngine[Any], on: Connection) -> TypeEngine[Any]:
    return of.dialect_impl(on.dialect)

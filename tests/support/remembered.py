"""What comes out the same in every test is worked out once a process.

Each test opens its own database and puts its own application together, as processes do. What SQLAlchemy keeps of a
statement for one engine, and what pydantic makes of one parameter of a route, depends on neither: to make it anew for
each test was a third of the time of those that speak to a database over HTTP.
"""

from collections.abc import Callable, Iterator, MutableMapping
from functools import cache, partial
from typing import Any, get_args

import pydantic
import pytest
from fastapi._compat import shared, v2
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import LRUCache

from careline.infra.database import database

MOST_STATEMENTS = 4000
"""Some 1,500 are compiled in a whole run."""


class Compiled(MutableMapping[Any, Any]):
    """Statements by what they say and the kind of dialect, whichever engine they were compiled for."""

    def __init__(self) -> None:
        self._kept: MutableMapping[Any, Any] = LRUCache(MOST_STATEMENTS)

    @staticmethod
    def _of_kind(key: Any) -> Any:
        dialect, *statement = key
        return (type(dialect), *statement)

    def get(self, key: Any, default: Any = None) -> Any:
        return self._kept.get(self._of_kind(key), default)

    def __getitem__(self, key: Any) -> Any:
        return self._kept[self._of_kind(key)]

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self._kept[self._of_kind(key)] = compiled

    def __delitem__(self, key: Any) -> None:
        del self._kept[self._of_kind(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


class Adapters:
    """Stands for ``TypeAdapter`` where FastAPI makes one for each parameter and each answer."""

    def __init__(self) -> None:
        self._made: dict[Any, pydantic.TypeAdapter[Any]] = {}

    def __call__(self, annotated: Any, *, config: pydantic.ConfigDict | None) -> pydantic.TypeAdapter[Any]:
        annotation, *metadata = get_args(annotated)
        key = (annotation, *map(repr, metadata), repr(config))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = pydantic.TypeAdapter(annotated, config=config)
        return made


def _is_old_model(is_old: Callable[[type], bool], annotation: Any) -> bool:
    """A model of pydantic's first version, which FastAPI asks about every annotation by an import."""
    return isinstance(annotation, type) and is_old(annotation)


_OPTIONS = {"compiled_cache": Compiled()}
_for_good = pytest.MonkeyPatch()
_for_good.setattr(database, "create_engine", partial(create_engine, execution_options=_OPTIONS))
_for_good.setattr(database, "create_async_engine", partial(create_async_engine, execution_options=_OPTIONS))
_for_good.setattr(v2, "TypeAdapter", Adapters())
_for_good.setattr(
    shared, "is_pydantic_v1_model_class", partial(_is_old_model, cache(shared.is_pydantic_v1_model_class))
)

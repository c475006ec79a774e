"""Pages of a list that grows while it is read: by position after the last row seen, never by offset."""

from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from careline.kernel.errors import Invalid

T = TypeVar("T")

MAX_LIMIT = 200


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Some rows, and the opaque ``next`` to ask for those after them; None at the end."""

    items: list[T]
    next: str | None = None


def checked_limit(limit: int) -> int:
    """The number of rows to read, or ``Invalid`` when it is not within 1…200."""
    if not 1 <= limit <= MAX_LIMIT:
        raise Invalid("limit-out-of-range", field="limit", min=1, max=MAX_LIMIT)
    return limit


def checked_position(after: str | None) -> UUID | None:
    """The id after which a page begins, from the ``next`` of the page before; ``Invalid`` for what is none."""
    if not after:
        return None
    try:
        return UUID(after)
    except ValueError:
        raise Invalid("position-unknown", field="after") from None

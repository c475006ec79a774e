"""Two who take the same name at once: the database lets one of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from careline.kernel.errors import Conflict

_UNIQUE_VIOLATION = "23505"  # PostgreSQL, appendix A


@contextmanager
def conflict_when_taken(code: str, *, field: str | None = None) -> Iterator[None]:
    """Raise ``Conflict`` with this code when what is inserted inside breaks a unique constraint.

    The transaction cannot go on after that. It complements a look before the insert, which cannot see what another
    transaction is about to commit.
    """
    try:
        yield
    except IntegrityError as error:
        if _is_unique_violation(error):
            raise Conflict(code, field=field) from None
        raise


def _is_unique_violation(error: IntegrityError) -> bool:
    cause = error.orig
    sqlstate = getattr(cause, "sqlstate", None) or getattr(getattr(cause, "__cause__", None), "sqlstate", None)
    return sqlstate == _UNIQUE_VIOLATION or "UNIQUE constraint failed" in str(cause)

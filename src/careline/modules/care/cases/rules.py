"""Numbers of cases, and what may be looked for. Pure."""

import re
import unicodedata
from datetime import date
from uuid import UUID

from careline.kernel.errors import Invalid

TITLE_MAX = 120
TEXT_MAX = 10_000
QUERY_MAX = 80
ERASED_TITLE = ""
"""Of a case whose customer was erased; nobody can open one without a title."""
_SEALED = "aes-256-gcm:"
REFERENCE_MAX = 40
_REFERENCE = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]*")


def case_number(day: date, count: int) -> str:
    """``GD20261122-0001``: 工单, the tenant's day, and the count of that day from 1; more digits after 9999."""
    return f"GD{day:%Y%m%d}-{count:04d}"


def plain_lines(text: str) -> str:
    """Line ends as ``\\n``, however they were typed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def kept_of(text: str | None) -> str | None:
    """What a case can keep of words that were checked for another place; None for nothing.

    Others let by what no table of ours knows yet, such as this year's new faces.
    """
    known = (char for char in text or "" if unicodedata.category(char) not in ("Cn", "Cs"))
    return "".join(known).strip() or None


def checked_reference(text: str) -> str:
    """The number of a letter or a file, which stands in the audit for ever: letters and digits, nobody's name.

    Raises ``Invalid``.
    """
    if _REFERENCE.fullmatch(text) is None:
        raise Invalid("reference-not-usable", field="reference")
    return text


def is_sealed(text: str) -> bool:
    """Whether a text is kept for a while and shown to nobody."""
    return text.startswith(_SEALED)


class AssigneeFilter:
    """Whose cases to list: everybody's, nobody's, or one person's."""

    def __init__(self, *, nobody: bool = False, person: UUID | None = None) -> None:
        self.nobody = nobody
        self.person = person

    @classmethod
    def read(cls, text: str | None, me: UUID | None) -> "AssigneeFilter":
        """From ``me``, ``none`` or an id; nothing means everybody's."""
        if not text:
            return cls()
        if text == "none":
            return cls(nobody=True)
        if text == "me":
            # Somebody without an id holds nothing: this one finds nothing.
            return cls(person=me or UUID(int=0))
        try:
            return cls(person=UUID(text))
        except ValueError:
            raise Invalid("assignee-unknown", field="assignee", allowed="me, none, an id") from None

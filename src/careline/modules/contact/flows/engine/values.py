"""The variables of one contact, and texts with gaps for them."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, tzinfo
from typing import NamedTuple

from careline.modules.contact.flows.engine.reading.formats import FORMATS, formatted

MASK = "•••"
LONGEST_VALUE = 500
LONGEST_FILLED = 2000
"""Characters of a text with its gaps filled: no voice reads more in one go."""

SHORTEST_SECRET = 3
NAME = r"[a-z][a-z0-9_]{0,39}"
_GAP = re.compile(r"\{([^{}]*)\}")
_INSIDE = re.compile(rf"(?P<name>{NAME}|[a-z]+\.[a-z_]+)(?:\|(?P<form>[a-z]+))?\Z")


class NotSet(Exception):
    """A variable was asked for that this contact has not got, or a secret one where secrets may not go.

    The message names it and never holds a value.
    """


class TooLong(Exception):
    """A text has become longer than ``LONGEST_FILLED`` by what its gaps were filled with. It is not shown."""


class Gap(NamedTuple):
    """``{balance|amount}``. ``name`` with a dot is a fact."""

    name: str
    form: str


class BadGap(ValueError):
    """Braces that hold no gap."""


def gaps(template: str) -> list[Gap]:
    """The gaps of a text, in order. Raises ``BadGap`` with what stands in the braces."""
    return [part for part in _parts(template) if isinstance(part, Gap)]


def _parts(template: str) -> Iterator[str | Gap]:
    if not {"{", "}"}.isdisjoint(_GAP.sub("", template)):
        raise BadGap(template)
    at = 0
    for found in _GAP.finditer(template):
        yield template[at : found.start()]
        known = _INSIDE.match(found[1])
        form = "" if known is None else known["form"] or "text"
        if known is None or form not in FORMATS:
            raise BadGap(found[1])
        yield Gap(known["name"], form)
        at = found.end()
    yield template[at:]


class Variables:
    """What was collected, set and answered, by name. Secret ones are handed to business systems and to nobody else."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._secret: set[str] = set()

    def __repr__(self) -> str:
        return f"Variables({', '.join(sorted(self._values))})"

    def put(self, name: str, value: str, *, secret: bool = False) -> None:
        """Keep a value. What holds a secret's value is as secret as that."""
        self._values[name] = value[:LONGEST_VALUE]
        if secret or any(self._values[known] in value for known in self._telling() if known != name):
            self._secret.add(name)
        else:
            self._secret.discard(name)

    def known(self, name: str) -> str | None:
        """A value that may be looked at; None when there is none, and for a secret."""
        return None if name in self._secret else self._values.get(name)

    def shown(self) -> dict[str, str]:
        """All by name, the secret ones masked: for whoever looks on."""
        return {name: MASK if name in self._secret else value for name, value in self._values.items()}

    @property
    def secretive(self) -> bool:
        """Whether something here must not be written down."""
        return bool(self._secret)

    def hides(self, text: str) -> bool:
        """Whether a text holds one of the secrets."""
        return any(self._values[name] in text for name in self._telling())

    def _telling(self) -> list[str]:
        """Secrets that would be known again: a digit or two stand in everything."""
        return [name for name in self._secret if len(self._values[name]) >= SHORTEST_SECRET]

    def fill(
        self,
        template: str,
        *,
        facts: Mapping[str, str] | None = None,
        language: str = "",
        aloud: bool = False,
        secrets: bool = False,
        quote: Callable[[str], str] | None = None,
        zone: tzinfo = UTC,
    ) -> str:
        """A text with its gaps filled, each value as ``quote`` makes it, dates and times as in ``zone``.

        Raises ``NotSet``, ``Unreadable``, ``TooLong``.
        """
        if "{" not in template:
            return template
        filled, length = [], 0
        for part in _parts(template):
            if isinstance(part, Gap):
                value = self._value(part, facts or {}, secrets=secrets)
                words = formatted(value, part.form, language, aloud=aloud, zone=zone)
                words = words if quote is None else quote(words)
            else:
                words = part
            length += len(words)
            if length > LONGEST_FILLED:
                raise TooLong(f"a text of more than {LONGEST_FILLED} characters")
            filled.append(words)
        return "".join(filled)

    def _value(self, gap: Gap, facts: Mapping[str, str], *, secrets: bool) -> str:
        if "." in gap.name:
            return facts.get(gap.name, "")
        if gap.name in self._secret and not secrets:
            raise NotSet(f"{gap.name} is secret")
        if gap.name not in self._values:
            raise NotSet(f"{gap.name} is not set")
        return self._values[gap.name]

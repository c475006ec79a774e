"""What speaks for two customers being one person, and what a merge makes of what they said. Pure."""

import enum
import unicodedata
from collections.abc import Collection, Mapping

import msgspec


class LikenessReason(enum.StrEnum):
    """What two customers share, the most telling first."""

    SAME_NUMBER = "same_number"
    SAME_EMAIL = "same_email"
    SAME_NAME = "same_name"
    SAME_ADDRESS = "same_address"


class Likeness(enum.StrEnum):
    """How likely it is. A name alone is weak: thousands share the common ones."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer is compared by, in full; it leaves the module in no form.

    ``numbers`` are those of lines in use and of contact points. A closed line tells nothing: its number may
    be another's by now.
    """

    kind: str
    names: Collection[str]
    numbers: Collection[str]
    emails: Collection[str]
    addresses: Collection[str]


def compared_by(one: Marks, other: Marks) -> str:
    """All that two are compared by, in one form whichever comes first and however it is ordered."""
    sides = [
        [side.kind, sorted(side.names), sorted(side.numbers), sorted(side.emails), sorted(side.addresses)]
        for side in (one, other)
    ]
    return msgspec.json.encode(sorted(sides)).decode()


def reasons(one: Marks, other: Marks) -> list[LikenessReason]:
    """What they share, the most telling first."""
    shared = {
        LikenessReason.SAME_NUMBER: _meet(one.numbers, other.numbers),
        LikenessReason.SAME_EMAIL: _meet(one.emails, other.emails),
        LikenessReason.SAME_NAME: _meet(one.names, other.names),
        LikenessReason.SAME_ADDRESS: _meet(one.addresses, other.addresses),
    }
    return [reason for reason, does in shared.items() if does]


def likeness(found: Collection[LikenessReason], *, same_kind: bool) -> Likeness | None:
    """How likely they are one; None when nothing speaks for it. A person and an organisation are never one."""
    if not found or not same_kind:
        return None
    reach = LikenessReason.SAME_NUMBER in found or LikenessReason.SAME_EMAIL in found
    if LikenessReason.SAME_NAME in found:
        return Likeness.HIGH if reach or LikenessReason.SAME_ADDRESS in found else Likeness.LOW
    # Families share a number or an address, so without the name it is a question, not an answer.
    return Likeness.MEDIUM if reach else Likeness.LOW


def compared(one: Marks, other: Marks) -> tuple[Likeness | None, list[LikenessReason]]:
    """How likely two are one, and what speaks for it."""
    found = reasons(one, other)
    return likeness(found, same_kind=one.kind == other.kind), found


def stricter(one: bool | None, other: bool | None) -> bool | None:
    """What counts of a purpose once two are one: a no of either outlasts a yes; None when neither said anything."""
    said = [word for word in (one, other) if word is not None]
    return all(said) if said else None


def withdrawn_by_merge(
    survivor: Mapping[str, bool], absorbed: Mapping[str, bool], latest: Mapping[str, bool]
) -> list[str]:
    """The purposes whose latest word of both together would be a yes although one of them had said no."""
    return sorted(
        purpose
        for purpose, given in latest.items()
        if given and stricter(survivor.get(purpose), absorbed.get(purpose)) is False
    )


def _meet(one: Collection[str], other: Collection[str]) -> bool:
    return not {_plain(text) for text in one if text}.isdisjoint({_plain(text) for text in other if text})


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())

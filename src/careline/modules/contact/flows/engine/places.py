"""Where a contact is in a flow and the flows below it, as one text: ``identify@3/person``.

The number is the version of the sub-flow that the step ``identify`` called, so that a restart goes on with the same.
In a journey the versions are left out: ``identify/person``.
"""

import msgspec


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The steps that called sub-flows with the versions called, from the outermost, and the step itself."""

    calls: tuple[tuple[str, int], ...]
    step: str


def written(place: Place) -> str:
    """As it is stored."""
    return "".join(f"{step}@{version}/" for step, version in place.calls) + place.step


def read(text: str) -> Place:
    """What was stored. A text that is none is a step by itself."""
    *calls, step = text.split("/")
    found = []
    for call in calls:
        name, _, version = call.partition("@")
        if not version.isdigit():
            return Place(calls=(), step=text)
        found.append((name, int(version)))
    return Place(calls=tuple(found), step=step)

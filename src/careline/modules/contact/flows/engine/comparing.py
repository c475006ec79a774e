"""What is different between two definitions, step by step. Pure."""

from typing import Any

import msgspec


class StepDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A step that is not the same in both. ``fields`` are those that differ, of one that is in both."""

    step: str
    change: str
    fields: list[str]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """All that differs. ``around`` names what differs beside the steps: start, safety, expects."""

    around: list[str]
    steps: list[StepDifference]


def difference(old: dict[str, Any], new: dict[str, Any]) -> Difference:
    """From one definition to the other, by name; ``change`` is added, removed or changed."""
    before, after = old.get("steps", {}), new.get("steps", {})
    found = []
    for name in sorted({*before, *after}):
        if name not in after:
            found.append(StepDifference(step=name, change="removed", fields=[]))
        elif name not in before:
            found.append(StepDifference(step=name, change="added", fields=[]))
        elif before[name] != after[name]:
            fields = [
                field
                for field in sorted({*before[name], *after[name]})
                if before[name].get(field) != after[name].get(field)
            ]
            found.append(StepDifference(step=name, change="changed", fields=fields))
    around = [name for name in ("start", "safety", "expects") if old.get(name) != new.get(name)]
    return Difference(around=around, steps=found)

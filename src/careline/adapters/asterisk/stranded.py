"""What is to be done for calls whose application is gone; pure, from what Asterisk says of its channels and bridges."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from careline.adapters.asterisk.dialplan import ALONE, APPLICATION, IN_APPLICATION, VARIABLE_ASIDE, VARIABLE_ROLE


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """A request to make over ARI: ``path`` in parts, and why."""

    method: str
    path: tuple[str, ...]
    query: dict[str, str] = {}
    why: str


def deeds(channels: Sequence[Mapping[str, Any]], bridges: Sequence[Mapping[str, Any]]) -> Iterator[Deed]:
    """Talks of two go on, and so does one in which somebody is on hold: who stands aside counts with those in the
    bridge. Whoever was left alone by the other one is hung up, a caller whom nobody serves hears the
    safe dialplan, a phone that rings stops, and empty bridges end."""
    together: dict[str, int] = {}
    inside = {member for bridge in bridges for member in bridge.get("channels", [])}
    for bridge in bridges:
        if bridge.get("name") != APPLICATION:
            continue
        members = list(bridge.get("channels", []))
        beside = [
            channel["id"]
            for channel in channels
            if channel.get("channelvars", {}).get(VARIABLE_ASIDE) == bridge["id"] and channel["id"] not in inside
        ]
        company = len(members) + len(beside)
        together.update(dict.fromkeys([*members, *(beside if members else [])], company))
        if not members:
            yield Deed(method="DELETE", path=("bridges", bridge["id"]), why="an empty bridge is ended")
    for channel in channels:
        role = channel.get("channelvars", {}).get(VARIABLE_ROLE)
        # What rings is with nobody yet, so it is taken as ours by its role alone.
        waits = channel.get("dialplan", {}).get("app_name") == IN_APPLICATION or (
            role == "agent" and channel.get("state") != "Up"
        )
        company = together.get(channel["id"], 0)
        if not waits or company > 1:
            continue
        leg = channel["id"]
        if role == "caller" and company == 0:
            yield Deed(
                method="POST",
                path=("channels", leg, "continue"),
                query={"context": ALONE, "extension": "s", "label": "start"},
                why=f"caller {leg} is sent to the safe dialplan",
            )
        elif role in ("caller", "agent"):
            yield Deed(method="DELETE", path=("channels", leg), why=f"{role} {leg} is alone and hung up")

"""A figure of the floor and the events that it was counted from, as a supervisor asks for them."""

import asyncio
from typing import Any

from tests.e2e.running import Staff

SOON_S = 30
"""Within which a fact is in the figures; they gather for a quarter of a second."""


async def counted(supervisor: Staff, code: str, interaction_id: str) -> dict[str, Any]:
    """The one event by which a contact is in a figure of today, once it is. The figure counts what it lists."""
    async with asyncio.timeout(SOON_S):
        while True:
            listed = await events_of(supervisor, code)
            found = [event for event in listed if event["interaction_id"] == interaction_id]
            if found:
                break
            await asyncio.sleep(0.1)
    [event] = found
    figures = (await supervisor.get("/floor"))["figures"]
    [figure] = [one for one in figures if one["code"] == code]
    values = [one["value"] for one in listed]
    assert figure["n"] == len(listed)
    assert figure["value"] == (len(listed) if figure["unit"] == "count" else sum(values) / len(values))
    return event


async def events_of(supervisor: Staff, code: str) -> list[dict[str, Any]]:
    """All that a figure of today was counted from."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = await supervisor.get(f"/insight/figures/{code}/events", after=after)
        found += page["items"]
        if page["next"] is None:
            return found
        after = page["next"]

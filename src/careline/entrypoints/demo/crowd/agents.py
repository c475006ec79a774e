"""One of the demo's agents, played: takes what is offered, answers by the script, ends, and writes it up."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

from careline.entrypoints.demo.crowd.door import Door, Refused
from careline.entrypoints.demo.crowd.script import TALKS, Talk

LOOK_EVERY_S = 2.0


class PlayedAgent:
    """An agent over the public interface; goes offline at the end."""

    def __init__(self, address: str, tenant: str, login: str, password: str, *, hurry: float = 1.0) -> None:
        self._door = Door(address)
        self._tenant = tenant
        self._login = login
        self._password = password
        self._hurry = hurry
        self.handled = 0

    async def serve(self, is_over: Callable[[], bool]) -> None:
        """Until it is over. Raises ``Refused`` when signing in fails."""
        await self._door.sign_in(self._tenant, self._login, self._password)
        await self._door.ask("PUT", "/agent-state", {"chosen": "ready", "reason": None})
        try:
            while not is_over():
                await asyncio.sleep(LOOK_EVERY_S / self._hurry)
                await self._look()
        finally:
            with suppress(Refused):
                await self._leave()

    async def _look(self) -> None:
        inbox = await self._door.ask("GET", "/inbox")
        for offer in inbox["offers"]:
            if offer["media"] == "chat":
                with suppress(Refused):  # somebody else, or nobody any more
                    await self._door.ask("POST", f"/offers/{offer['id']}/accept", {"token": offer["token"]})
        for entry in inbox["mine"]:
            with suppress(Refused):  # its customer has left meanwhile
                await self._go_on(entry)

    async def _go_on(self, entry: dict[str, Any]) -> None:
        if entry["media"] != "chat":
            return
        said = (await self._door.ask("GET", f"/conversations/{entry['conversation_id']}/messages?limit=100"))["items"]
        mine = [item for item in said if item["interaction_id"] == entry["interaction_id"]]
        asked = [item["text"] for item in mine if item["author"] == "customer"]
        talk = next((talk for talk in TALKS if asked and asked[0] == talk.lines[0][0]), TALKS[0])
        if entry["state"] == "after_contact_work":
            await self._write_up(entry["interaction_id"], talk)
            return
        answered = sum(item["author"] == "agent" for item in mine)
        if answered < min(len(asked), len(talk.lines)):
            message = {"client_id": str(uuid4()), "text": talk.lines[answered][1]}
            await self._door.ask("POST", f"/conversations/{entry['conversation_id']}/messages", message)
        elif answered == len(talk.lines):
            await self._door.ask("POST", f"/interactions/{entry['interaction_id']}/end")

    async def _write_up(self, interaction_id: str, talk: Talk) -> None:
        written = {"disposition": talk.disposition, "note": talk.note, "draft": False}
        await self._door.ask("PUT", f"/interactions/{interaction_id}/wrap-up", written)
        self.handled += 1

    async def _leave(self) -> None:
        for entry in (await self._door.ask("GET", "/inbox"))["mine"]:
            with suppress(Refused):
                if entry["state"] == "chatting":
                    await self._door.ask("POST", f"/interactions/{entry['interaction_id']}/end")
                await self._write_up(entry["interaction_id"], TALKS[0])
        await self._door.ask("PUT", "/agent-state", {"chosen": "offline", "reason": None})
        await self._door.ask("DELETE", "/session")

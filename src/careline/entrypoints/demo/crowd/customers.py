"""A made-up customer: comes, says what the matter is, waits for a person, talks, rates, and goes."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from urllib.parse import urlencode
from uuid import uuid4

from careline.entrypoints.demo.crowd.door import Door, Refused
from careline.entrypoints.demo.crowd.picture import modem
from careline.entrypoints.demo.crowd.script import NAMES, RATINGS, TALKS, Talk

LOOK_EVERY_S = 2.0
PATIENCE_S = 180.0
"""How long somebody waits for a person before they give up."""


class Customers:
    """One place in the crowd, in which one customer after another comes."""

    def __init__(self, address: str, tenant: str, place: int, *, hurry: float = 1.0) -> None:
        self._address = address
        self._tenant = tenant
        self._place = place
        self._hurry = hurry
        self.served = 0

    async def come_and_go(self, is_over: Callable[[], bool]) -> None:
        """One customer after another, until it is over; whoever is there then takes their leave."""
        await self._pause(self._place)
        for turn in count(self._place):
            if is_over():
                return
            door = Door(self._address)
            await self._enter(door, NAMES[turn % len(NAMES)])
            try:
                await self._talk(door, TALKS[turn % len(TALKS)], is_over, RATINGS[turn % len(RATINGS)])
            finally:
                with suppress(Refused):
                    await door.ask("POST", "/visitor/end")
            await self._pause(3)

    async def _enter(self, door: Door, name: str) -> None:
        wanted = {"tenant": self._tenant, "name": name, "msisdn": None, "locale": "zh-CN"}
        entered = await door.ask("POST", "/visitor", wanted)
        door.headers["Authorization"] = f"Bearer {entered['token']}"

    async def _talk(self, door: Door, talk: Talk, is_over: Callable[[], bool], score: int) -> None:
        asked, waited = 0, 0.0
        await self._say(door, talk.lines[0][0])
        while not is_over() and waited < PATIENCE_S:
            await self._pause(LOOK_EVERY_S)
            chat = await door.ask("GET", "/visitor/conversation")
            if chat["state"] == "ended":
                self.served += 1
                await self._rate(door, chat, score)
                return
            if chat["state"] != "chatting":
                waited += LOOK_EVERY_S
                continue
            if await self._answers(door) > asked and asked + 1 < len(talk.lines):
                asked += 1
                await self._say(door, talk.lines[asked][0])
                if asked == talk.shows_at:
                    await self._show(door)

    async def _rate(self, door: Door, chat: dict[str, object], score: int) -> None:
        if chat["rating_open"]:
            rating = {"interaction_id": chat["interaction_id"], "score": score, "comment": None}
            with suppress(Refused):
                await door.ask("POST", "/visitor/rating", rating)

    async def _answers(self, door: Door) -> int:
        said = await door.ask("GET", "/visitor/messages?limit=100")
        return sum(item["author"] == "agent" for item in said["items"])

    async def _say(self, door: Door, text: str) -> None:
        await door.ask("POST", "/visitor/messages", {"client_id": str(uuid4()), "text": text})

    async def _show(self, door: Door) -> None:
        query = urlencode({"client_id": str(uuid4()), "name": "光猫.png"})
        await door.give(f"/visitor/files?{query}", modem())

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._hurry)

"""The step ``rate`` in a chat, with everything real below it: the agent ends, the machine asks, the customer types."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.house import Browser, House
from tests.support.waiting import until

QUESTION, THANKS = "请打 1 到 5 分。", "谢谢。"
FLOW = {
    "start": "person",
    "safety": "end",
    "steps": {
        "person": {"kind": "enqueue", "queue": "tariff", "next": "rate", "lost": "end"},
        "rate": {"kind": "rate", "text": {"zh-CN": QUESTION}, "thanks": {"zh-CN": THANKS}, "next": "end"},
        "end": {"kind": "hang_up"},
    },
}
WRAPPED_UP = {"disposition": "consultation-tariff", "note": "", "draft": False}


class Chat:
    """A customer and an agent, after the agent has ended their chat and the machine has asked for a score."""

    def __init__(self, house: House, guest: httpx.AsyncClient, agent: Browser) -> None:
        self.house, self.guest, self.agent = house, guest, agent
        self.interaction_id = ""

    async def begin(self) -> None:
        self.interaction_id = (await self.says("想换套餐"))["interaction_id"]
        offer = await until(self._offer)
        answer = await self.agent.ask("POST", f"/api/v1/offers/{offer['id']}/accept", json={"token": offer["token"]})
        assert answer.status_code == 200, answer.text
        assert (await self.agent.ask("POST", f"/api/v1/interactions/{self.interaction_id}/end")).status_code == 204
        await self.hears(QUESTION, 1)

    async def says(self, text: str) -> Any:
        answer = await self.guest.post("/api/v1/visitor/messages", json={"client_id": str(uuid4()), "text": text})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def hears(self, text: str, times: int) -> None:
        async def often_enough() -> bool:
            said = (await self.guest.get("/api/v1/visitor/messages")).json()["items"]
            return [one["text"] for one in said if one["author"] == "bot"].count(text) == times

        await until(often_enough)

    async def now(self) -> Any:
        return (await self.guest.get("/api/v1/visitor/conversation")).json()

    async def rating(self) -> int | None:
        shown = await self.agent.ask("GET", f"/api/v1/interactions/{self.interaction_id}")
        score: int | None = shown.json()["rating"]
        return score

    async def is_over(self) -> None:
        """The machine waits for nothing any more."""

        async def nothing_runs() -> bool:
            return self.house.careline.flows.facade.running() == 0

        await until(nothing_runs)

    async def wraps_up(self) -> None:
        answer = await self.agent.ask("PUT", f"/api/v1/interactions/{self.interaction_id}/wrap-up", json=WRAPPED_UP)
        assert answer.status_code == 204, answer.text

    async def _offer(self) -> Any:
        offers = (await self.agent.ask("GET", "/api/v1/inbox")).json()["offers"]
        return offers[0] if offers else None


@pytest.fixture
async def chat(house: House) -> AsyncIterator[Chat]:
    await publish(house)
    agent = await house.sign_in("8025")
    assert (await agent.ask("PUT", "/api/v1/agent-state", json={"chosen": "ready", "reason": None})).status_code == 200
    async with house.nobody() as guest:
        wanted = {"tenant": "demo", "name": "李明", "msisdn": None, "locale": "zh-CN"}
        token = (await guest.post("/api/v1/visitor", json=wanted)).json()["token"]
        guest.headers["Authorization"] = f"Bearer {token}"
        chat = Chat(house, guest, agent)
        await chat.begin()
        yield chat


async def publish(house: House) -> None:
    administrator = await house.sign_in("sysadmin")
    for method, path, body in (
        ("PUT", "/api/v1/flows/webchat/draft", {"definition": FLOW, "revision": 1}),
        ("POST", "/api/v1/flows/webchat/publish", {"revision": 2}),
    ):
        answer = await administrator.ask(method, path, json=body)
        assert answer.is_success, answer.text


@pytest.mark.parametrize(("typed", "score"), [("5", 5), ("４", 4), ("三", 3), ("2分", 2)])
async def test_a_typed_score_is_stored_and_begins_no_new_chat(chat: Chat, typed: str, score: int) -> None:
    said = await chat.says(typed)
    await chat.hears(THANKS, 1)
    assert said["interaction_id"] == chat.interaction_id
    assert await chat.rating() == score
    now = await chat.now()
    assert (now["interaction_id"], now["state"], now["rating_open"]) == (chat.interaction_id, "ended", False)
    await chat.is_over()


async def test_something_else_is_asked_for_once_more(chat: Chat) -> None:
    assert (await chat.says("挺好的"))["interaction_id"] == chat.interaction_id
    await chat.hears(QUESTION, 2)
    await chat.says("五分")
    await chat.hears(THANKS, 1)
    assert await chat.rating() == 5


async def test_who_says_something_else_again_has_a_new_chat(chat: Chat) -> None:
    await chat.says("还有个问题")
    await chat.hears(QUESTION, 2)
    again = await chat.says("我要人工")
    assert again["interaction_id"] != chat.interaction_id
    now = await chat.now()
    assert (now["interaction_id"], now["state"] in ("flow", "queued")) == (again["interaction_id"], True)
    assert await chat.rating() is None


async def test_the_score_counts_also_after_the_agent_has_written_it_up(chat: Chat) -> None:
    await chat.wraps_up()
    await chat.says("非常好")
    await chat.hears(QUESTION, 2)
    await chat.says("5")
    await chat.hears(THANKS, 1)
    assert await chat.rating() == 5


async def test_the_stars_of_the_page_end_the_question(chat: Chat) -> None:
    body = {"interaction_id": chat.interaction_id, "score": 1, "comment": None}
    assert (await chat.guest.post("/api/v1/visitor/rating", json=body)).status_code == 201
    await chat.is_over()
    assert (await chat.says("5"))["interaction_id"] != chat.interaction_id
    assert await chat.rating() == 1

"""The ARI link: answers find their requests, silence and loss are noticed, the link comes back."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator

import pytest

from careline.adapters.asterisk.client import AriLink
from careline.adapters.asterisk.messages import AriEvent, StasisEnd
from careline.kernel.errors import PermanentFailure, TransientFailure
from tests.adapters.asterisk.fake_ari import FakeAri, channel
from tests.support.waiting import until


class Listener:
    def __init__(self) -> None:
        self.told: list[str] = []
        self.events: list[AriEvent] = []

    async def link_up(self) -> None:
        self.told.append("up")

    async def link_down(self, reason: str) -> None:
        self.told.append(f"down: {reason}")

    def on_event(self, event: AriEvent) -> None:
        self.events.append(event)


class Linked:
    def __init__(self, ari: FakeAri) -> None:
        self.ari, self.listener = ari, Listener()
        self.link = AriLink(
            ari.url,
            "careline",
            "s3cret",
            application="careline",
            listener=self.listener,
            beat_variable="BEAT",
            beat_seconds=0.1,
            request_seconds=0.3,
        )


@pytest.fixture
async def linked() -> AsyncIterator[Linked]:
    async with FakeAri().serving() as ari:
        made = Linked(ari)
        running = asyncio.create_task(made.link.run())
        await until(lambda: made.listener.told == ["up"])
        yield made
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_it_signs_in_and_beats(linked: Linked) -> None:
    await until(lambda: len(linked.ari.of("asterisk/variable")) >= 3)

    assert linked.ari.headers == ["Basic " + b64encode(b"careline:s3cret").decode()]
    values = [asked.query["value"] for asked in linked.ari.of("asterisk/variable")]
    assert len(set(values)) == len(values)


async def test_answers_find_their_requests_whatever_their_order(linked: Linked) -> None:
    linked.ari.answer("GET", "first", 200, {"is": "first"})
    linked.ari.answer("GET", "second", 404, {"message": "none"})
    linked.ari.held.append("first")

    first = asyncio.create_task(linked.link.request("GET", "first"))
    second = await linked.link.request("GET", "second")
    await linked.ari.release("first")

    assert (second.status, second.reason()) == (404, "none")
    assert (await first).body == '{"is": "first"}'


async def test_a_request_without_answer_fails_in_time(linked: Linked) -> None:
    linked.ari.held.append("never")

    with pytest.raises(TransientFailure, match="did not answer"):
        await linked.link.request("GET", "never")


async def test_a_lost_link_fails_what_is_under_way_and_comes_back(linked: Linked) -> None:
    linked.ari.held.append("never")
    asking = asyncio.create_task(linked.link.request("GET", "never"))
    await until(lambda: linked.ari.of("never"))

    await linked.ari.drop()

    with pytest.raises(TransientFailure, match="lost"):
        await asking
    await until(lambda: linked.listener.told[-1] == "up" and len(linked.listener.told) == 3)
    assert linked.listener.told[1].startswith("down: ")
    assert (await linked.link.request("GET", "anything")).status == 200


async def test_a_node_that_falls_silent_is_hung_up_on(linked: Linked) -> None:
    linked.ari.silent = True

    await until(lambda: len(linked.listener.told) > 1)

    assert "does not answer" in linked.listener.told[1]


async def test_what_is_no_sense_is_passed_over(linked: Linked) -> None:
    for frame in ("", "{", "[]", '{"type": 5}', '{"type": "Surprise"}', '{"type": "StasisEnd"}', "\x00"):
        await linked.ari.send(frame)
    await linked.ari.tell("StasisEnd", channel=channel("leg-1"))

    await until(lambda: linked.listener.events)
    (event,) = linked.listener.events
    assert isinstance(event, StasisEnd)
    assert linked.listener.told == ["up"]


async def test_a_node_that_is_not_there_is_tried_again_and_again() -> None:
    async with FakeAri().serving() as ari:
        made = Linked(ari)
    running = asyncio.create_task(made.link.run())

    await asyncio.sleep(0.3)

    assert made.listener.told == []
    with pytest.raises(TransientFailure, match="no link"):
        await made.link.request("GET", "anything")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(PermanentFailure, match="http://host:port"):
        AriLink("ftp://nowhere", "a", "b", application="c", listener=Listener(), beat_variable="B")

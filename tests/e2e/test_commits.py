"""What a call costs on its way to an agent, counted where it is paid: in the application on its own Asterisk."""

from collections.abc import Sequence
from contextlib import suppress

import pytest

from careline.bootstrap import Careline
from careline.infra.database.transaction import Transaction
from careline.kernel.events import Recorded
from tests.e2e.running import NUMBER
from tests.support.waiting import until
from tests.voice.support.application import add_straight_number, plug_in, ready_agent, server_of
from tests.voice.support.phone import Phone

pytestmark = pytest.mark.voice

AGENT = "8025"
STRAIGHT = "10010"
"""A number whose callers are queued at once."""
CALLER = "16036419034"
MOST = 3
"""One that stores the call, one that queues it, one that offers it."""


class Count:
    """The use cases that a process commits from now on, each as the facts that it told.

    What the system does across tenants beside them – the projection of figures, the places in the log – is not counted:
    no call waits for it, and a caller who listens to a prompt gives it time.
    """

    def __init__(self, careline: Careline) -> None:
        self.use_cases: list[list[str]] = []
        self._finished = careline.database.finished
        careline.database.finished = self._note  # type: ignore[method-assign]

    def _note(self, tx: Transaction, recorded: Sequence[Recorded]) -> None:
        with suppress(LookupError):
            assert tx.tenant_id
            self.use_cases.append([type(item.event).__name__ for item in recorded])
        self._finished(tx, recorded)


class AgentPhone(Phone):
    """Notes what was committed by the moment in which its INVITE comes."""

    def __init__(self, server: tuple[str, int], name: str, count: Count) -> None:
        super().__init__(server, name=name)
        self.committed: list[list[str]] | None = None
        self._count = count

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        if data.startswith(b"INVITE ") and self.committed is None:
            self.committed = list(self._count.use_cases)
        super().datagram_received(data, addr)


async def test_three_commits_at_most_from_invite_to_agent_invite(careline: Careline) -> None:
    tenant_id, agent = await ready_agent(careline, AGENT)
    await add_straight_number(careline, tenant_id, STRAIGHT, "tariff")
    count = Count(careline)
    for number, key in ((STRAIGHT, ""), (NUMBER, "2")):
        committed = await committed_by_a_call(careline, agent.endpoint, count, number, key)
        assert len(committed) <= MOST, committed
        assert "CallArrived" in committed[0]
        assert "OfferMade" in committed[-1], "what rings is stored before it rings"


async def committed_by_a_call(
    careline: Careline, endpoint: str, count: Count, number: str, key: str
) -> list[list[str]]:
    """From the caller's INVITE until the agent's phone has its own."""
    server = server_of(careline)
    async with Phone(server, name="caller") as caller, AgentPhone(server, endpoint, count) as phone:
        await caller.open()
        await phone.open()
        await plug_in(careline, endpoint, phone)
        await careline.bus.settled()
        count.use_cases.clear()
        await caller.dial(number, caller_number=CALLER)
        if key:
            await caller.until_status(200)
            await caller.press(key)
        await phone.rings(40)
        await caller.hang_up()
        await phone.until_over()
        # Its end is stored a little later, and is no part of the next call.
        await until(lambda: any("InteractionClosed" in facts for facts in count.use_cases), "end of the contact")
    assert phone.committed is not None
    return phone.committed

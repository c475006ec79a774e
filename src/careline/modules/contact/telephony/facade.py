"""The door to telephony for the modules above it."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import NotFound
from careline.kernel.tenancy import TenantId, system_actor
from careline.modules.contact.telephony import repository
from careline.modules.contact.telephony.errors import CallGone as CallGone
from careline.modules.contact.telephony.ports import PlaybackId
from careline.modules.contact.telephony.rules import demo_endpoint as demo_endpoint
from careline.modules.contact.telephony.services.control import CallControl
from careline.modules.contact.telephony.services.holding import Holding
from careline.modules.contact.telephony.services.numbers import Leading, Numbers
from careline.modules.contact.telephony.services.passing import Passing
from careline.modules.contact.telephony.services.recording import Recorder
from careline.modules.contact.telephony.services.softphones import Softphones
from careline.modules.contact.telephony.views import CallView, NumberView, RecordingView, Signal


class Telephony:
    """Calls as flows, conversations and the desk may use them.

    Commands raise ``CallGone`` when the caller has left; that is no fault, callers do.
    """

    def __init__(
        self,
        database: Database,
        control: CallControl,
        numbers: Numbers,
        recorder: Recorder,
        softphones: Softphones,
        holding: Holding,
        passing: Passing,
    ) -> None:
        self._database = database
        self._control = control
        self._numbers = numbers
        self._recorder = recorder
        self._softphones = softphones
        self._holding = holding
        self._passing = passing

    async def answer(self, call_id: UUID) -> None:
        """Answer the caller."""
        await self._control.answer(call_id)

    async def play(self, call_id: UUID, sounds: Sequence[Path]) -> str:
        """Play sound files; ``PlaybackEnded`` with the returned id comes once as a signal.

        Nothing is played into a talk: an agent who answers ends the sound, and after that it ends at once.
        """
        return await self._control.play(call_id, sounds)

    async def stop(self, playback: str) -> None:
        """Stop what is played."""
        await self._control.stop(PlaybackId(playback))

    async def music(self, call_id: UUID, *, on: bool) -> None:
        """Start or stop the music that a waiting caller hears; nothing happens in a talk."""
        await self._control.music(call_id, on=on)

    async def hang_up(self, call_id: UUID, *, by: str) -> None:
        """End the call for the caller. ``by``: flow or agent."""
        await self._control.hang_up(call_id, by=by)

    async def hang_up_agent(self, call_id: UUID) -> None:
        """The agent hangs up: their side ends, and the flow goes on with the caller."""
        await self._control.hang_up_agent(call_id)

    async def hold(self, call_id: UUID, agent_id: UUID) -> None:
        """The agent puts the caller on hold, who hears music then. Nothing happens when that is so."""
        await self._holding.hold(call_id, agent_id)

    async def resume(self, call_id: UUID, agent_id: UUID) -> None:
        """The agent takes the caller back from hold. Nothing happens when that is so."""
        await self._holding.resume(call_id, agent_id)

    async def pass_on(self, call_id: UUID, agent_id: UUID) -> None:
        """The agent's side is over, and the caller, who stands in a queue by now, waits with the flow."""
        await self._passing.by_agent(call_id, agent_id)

    async def next_signal(self, call_id: UUID) -> Signal:
        """What happens next with the call, in order; for the one flow that runs it."""
        return await self._control.next_signal(call_id)

    async def allow_recording(self, tx: Transaction, call_id: UUID) -> None:
        """The caller has heard that the call will be recorded; part of the caller's transaction."""
        await self._recorder.allow(tx, call_id)

    def entry_flow(self, call_id: UUID) -> str:
        """The code of the flow that a live call's number leads to."""
        return self._control.entry_flow(call_id)

    async def hand_to_safety(self, call_id: UUID) -> None:
        """We cannot serve this caller: the safe dialplan takes over. Nothing happens when they have left."""
        await self._control.hand_to_safety(call_id)

    async def call(self, tenant_id: TenantId, call_id: UUID) -> CallView:
        """A call of this tenant, or ``NotFound``."""
        async with self._database.glance(tenant_id) as reading:
            found = await repository.call(reading, call_id)
        if found is None:
            raise NotFound("call-not-found", id=str(call_id))
        return found

    async def recordings(self, tenant_id: TenantId, call_id: UUID) -> list[RecordingView]:
        """The recordings of a call, oldest first."""
        return await self._recorder.of_call(tenant_id, call_id)

    async def numbers(self, tenant_id: TenantId) -> list[str]:
        """The numbers that a tenant can be called at, whether or not there is voice now."""
        async with self._database.glance(tenant_id) as reading:
            return [view.number for view in await repository.numbers(reading)]

    async def add_number(self, tx: Transaction, number: str, entry_flow: str, *, name: str = "") -> NumberView:
        """Let a number of the transaction's tenant lead to a flow, which need not be there yet; in force once the
        transaction has committed. The name of a number is the number itself when none is given."""
        leading = Leading(name=name or number, entry_flow=entry_flow)
        return await self._numbers.provide(tx, system_actor(tx.tenant_id), number, leading)

    async def check_free(self, number: str) -> str:
        """A number that leads nowhere yet, as it will be kept. Raises ``Invalid`` or ``Conflict``, of ``number``."""
        return await self._numbers.check_free(number)

    def knows_phone(self, endpoint: str) -> bool:
        """Whether a secret was given out for a browser phone."""
        return self._softphones.knows(endpoint)

"""The door to flows for the modules above them and for bootstrap."""

from typing import Any, Literal

from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.flows.services.running import FlowRunner
from careline.modules.contact.flows.services.studio import Studio
from careline.modules.contact.flows.views import FlowView
from careline.modules.contact.telephony.views import FlowChoice


class Flows:
    """Flows as data, and their running."""

    def __init__(self, studio: Studio, runner: FlowRunner) -> None:
        self._studio = studio
        self._runner = runner

    async def create(
        self, actor: Actor, code: str, name: str, definition: dict[str, Any], *, entry_channel: str | None = None
    ) -> FlowView:
        """A new flow with its first draft. Raises ``Conflict`` when the code is taken."""
        return await self._studio.create(actor, code, name, definition, entry_channel=entry_channel)

    async def provide(
        self, tx: Transaction, code: str, name: str, definition: dict[str, Any], *, entry_channel: str
    ) -> Literal["made", "led", "draft"]:
        """Put a flow in force for a channel that none leads, as part of the caller's transaction.

        ``led``: there is one. ``draft``: another flow has the code, or somebody is writing this one.
        """
        return await self._studio.provide(tx, code, name, definition, entry_channel)

    async def provide_calls(self, tx: Transaction, code: str, name: str, definition: dict[str, Any]) -> bool:
        """Put a flow for calls in force where there is none, as part of the caller's transaction; whether it was."""
        return await self._studio.provide_calls(tx, code, name, definition)

    async def is_led(self, reading: Reading, channel: str) -> bool:
        """Whether a flow is in force for a channel."""
        return await self._studio.is_led(reading, channel)

    async def is_published(self, tenant_id: TenantId, code: str) -> bool:
        """Whether a version of a flow is in force. Raises ``NotFound``."""
        return (await self._studio.flow(tenant_id, code)).published_version is not None

    async def in_force(self, tenant_id: TenantId) -> list[FlowChoice]:
        """The flows that a call may begin with now, by code; telephony's ``EntryFlows``.

        Not those that are the entry of another channel: what they ask for may be nothing that a caller can do.
        """
        return [
            FlowChoice(code=flow.code, name=flow.name)
            for flow in await self._studio.flows(tenant_id)
            if flow.published_version is not None and flow.entry_channel is None
        ]

    async def publish(self, actor: Actor, code: str) -> int:
        """Put the draft in force; its version. Raises ``Invalid`` when the flow has problems."""
        return await self._studio.publish(actor, code)

    async def resume_chats(self, tenant_id: TenantId) -> None:
        """After a start: chats that were left alone get their flow back."""
        await self._runner.resume_chats(tenant_id)

    def running(self) -> int:
        """How many contacts are with a machine, wait, or talk."""
        return len(self._runner)

    async def stop(self) -> None:
        """Stop running; contacts are taken up after the next start."""
        await self._runner.stop()

"""The door to the letterbox."""

from datetime import datetime
from uuid import UUID

from careline.infra.http import Visitor
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.care.letterbox.services.answering import Answering
from careline.modules.care.letterbox.services.bringing import Bringing
from careline.modules.care.letterbox.services.letters import Letters, Wanted
from careline.modules.care.letterbox.views import LeftElsewhere, LetterView, Receipt


class Letterbox:
    """Messages of customers whom nobody could serve."""

    def __init__(self, letters: Letters, answering: Answering, bringing: Bringing) -> None:
        self._letters = letters
        self._bringing = bringing
        self._answering = answering

    async def leave(self, visitor: Visitor, wanted: Wanted) -> Receipt:
        """Take a message; when this returns it is durable and a case.

        Raises ``message-not-asked-for``, ``message-left-already``, ``client-id-taken``, ``too-many-messages-left`` and
        ``Invalid`` for ``text``, ``reach`` or ``consent``.
        """
        return await self._letters.leave(visitor, wanted)

    async def bring(self, tenant_id: TenantId, left: LeftElsewhere) -> bool:
        """Take a message that was left elsewhere, as a case that is offered to nobody; False when it is there already.

        Raises ``Invalid`` for ``text`` and ``reach``.
        """
        return await self._bringing.bring(tenant_id, left)

    async def of_case(self, actor: Actor, case_id: UUID) -> LetterView | None:
        """The message that became a case; None of a case that was opened otherwise."""
        return await self._letters.of_case(actor, case_id)

    async def of_contact(self, actor: Actor, interaction_id: UUID) -> LetterView | None:
        """The message that is answered in a contact, for who may see that; None of another contact."""
        return await self._letters.of_contact(actor, interaction_id)

    async def put_off(self, actor: Actor, interaction_id: UUID, until: datetime, because: str) -> None:
        """Put the message that an agent has in hand off to a time, at which it is theirs first again.

        Raises ``Invalid`` for ``until`` and ``because``, ``not-yours``, ``message-not-in-hand``,
        ``message-put-off-too-often``, ``left-message-not-found``.
        """
        await self._answering.put_off(actor, interaction_id, until, because)

    async def reveal_in(self, actor: Actor, interaction_id: UUID) -> str:
        """As ``reveal``, for who may see the contact in which it is answered."""
        return await self._letters.reveal_in(actor, interaction_id)

    async def reveal(self, actor: Actor, case_id: UUID) -> str:
        """How to reach who left a message, in full; audited. Raises ``left-message-not-found``."""
        return await self._letters.reveal(actor, case_id)

"""The agent of a chat asks a colleague in, to advise unseen or to serve the customer together, and lets them go again.

Being asked in takes no room: a colleague leaves when they like, and nothing waits for them. So the rules are few: only
the agent of a chat asks, only who is signed in is asked, and neither a chat nor a colleague is asked too much at once.
"""

from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.errors import CannotTake, NotYours
from careline.modules.contact.conversations.repository import participants as repository
from careline.modules.contact.conversations.services.access import Access
from careline.modules.contact.conversations.services.names import Names
from careline.modules.contact.conversations.services.participants import Participants
from careline.modules.contact.conversations.services.targets import Targets
from careline.modules.contact.conversations.states import ParticipantRole

INVITED = frozenset({ParticipantRole.CONSULTANT, ParticipantRole.COLLEAGUE})
"""The roles that an agent can give; those of supervisors are theirs to take."""

MOST_IN_ONE_CHAT = 5
MOST_FOR_ONE_COLLEAGUE = 5


class Inviting:
    """Asks in and lets go."""

    def __init__(
        self, database: Database, access: Access, targets: Targets, names: Names, participants: Participants
    ) -> None:
        self._database = database
        self._access = access
        self._targets = targets
        self._names = names
        self._participants = participants

    async def invite(self, actor: Actor, conversation_id: UUID, user_id: UUID, role: ParticipantRole) -> None:
        """Ask a colleague in, or give one who is there the other role.

        Raises ``contact-not-yours``, ``agent-not-found``, ``invited-agent-away``, ``too-many-participants``,
        ``colleague-asked-too-much``.
        """
        await self._access.conversation(actor, conversation_id)
        if not await self._access.serves_now(actor, conversation_id):
            raise NotYours
        if not await self._targets.is_signed_in(actor.tenant_id, user_id):
            known = await self._names.of(actor.tenant_id, user_id)
            raise CannotTake("invited-agent-away", "user_id", name=known or "")
        async with self._database.glance(actor.tenant_id) as reading:
            there = [one for one in await repository.present(reading, conversation_id) if one.role in INVITED]
            elsewhere = [one for one in await repository.of_user(reading, user_id) if one.role in INVITED]
        if user_id not in [one.user_id for one in there]:
            if len(there) >= MOST_IN_ONE_CHAT:
                raise Conflict("too-many-participants", field="user_id", max=MOST_IN_ONE_CHAT)
            if len(elsewhere) >= MOST_FOR_ONE_COLLEAGUE:
                raise Conflict("colleague-asked-too-much", field="user_id", max=MOST_FOR_ONE_COLLEAGUE)
        await self._participants.enter(actor, conversation_id, user_id, role)

    async def let_go(self, actor: Actor, conversation_id: UUID, user_id: UUID) -> None:
        """Leave, or let somebody go whom the agent had asked in. Raises ``participant-not-present``."""
        await self._access.conversation(actor, conversation_id)
        if user_id != actor.id:
            role = await self._participants.role_of(actor.tenant_id, conversation_id, user_id)
            if role not in INVITED or not await self._access.serves_now(actor, conversation_id):
                raise NotYours
        await self._participants.leave(actor, conversation_id, user_id)

"""Messages that were left elsewhere: with another system before this one, or made up for a demo."""

from zoneinfo import ZoneInfo

from careline.infra.database.database import Database
from careline.kernel.tenancy import TenantId
from careline.modules.care.cases.views import CaseType, NewCase
from careline.modules.care.letterbox import repository
from careline.modules.care.letterbox.rules import title_of, written
from careline.modules.care.letterbox.services.letters import Below, checked_reach
from careline.modules.care.letterbox.views import LeftElsewhere


class Bringing:
    """Takes messages that nobody was asked for here: cases that wait in the list, and are offered to nobody."""

    def __init__(self, database: Database, below: Below) -> None:
        self._database = database
        self._below = below

    async def bring(self, tenant_id: TenantId, left: LeftElsewhere) -> bool:
        """Store a message with its case, once for each contact; False when it was brought before.

        Raises ``Invalid`` for ``text`` and ``reach``.
        """
        text, (kind, reach) = written(left.text), checked_reach(left.reach)
        zone = ZoneInfo((await self._below.identity.tenant(tenant_id)).time_zone)
        asked = {
            "interaction_id": left.contact_id,
            "conversation_id": left.contact_id,
            "queue": left.queue,
            "because": left.because.value,
            "consent": left.consent,
            "language": left.language,
        }
        async with self._database.transaction(tenant_id) as tx:
            if not await repository.ask(tx, asked):
                return False
            new = NewCase(type=CaseType.MESSAGE, title=title_of(text), text=text, customer_id=left.customer_id)
            case = await self._below.cases.open_within(tx, new, zone)
            found = {"case_id": case.id, "number": case.number, "opens_at": left.opens_at}
            await repository.leave(tx, left.contact_id, {"reach_kind": kind.value, "reach": reach, **found})
        return True

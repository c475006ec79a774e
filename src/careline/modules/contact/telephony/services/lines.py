"""Agents' browser phones seen from their lines: a phone whose page went leaves nobody in silence."""

import asyncio
import logging
from collections import Counter
from uuid import UUID

from careline.kernel.errors import AdapterFailure
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony.ports import EndCause, LegId, VoiceEngine
from careline.modules.contact.telephony.services.sessions import CallSessions
from careline.modules.directory.people.facade import People

logger = logging.getLogger(__name__)

COMES_BACK_S = 6.0
"""How long a page may be without its line in a talk that it still carries: it connects again after one second, and
should that fail after a few more."""


class _Phone:
    """The pages that are one agent's phone, with how many lines each has; ``changed`` is set when one opens.
    ``closings`` counts lines that closed a moment ago."""

    def __init__(self) -> None:
        self.closings = 0
        self.pages: Counter[str] = Counter()
        self.changed = asyncio.Event()


class Lines:
    """Implements ``PhoneLines``: ends the legs of phones that are gone, as broken.

    Asterisk alone would notice by the silence, after half a minute. A page that goes mostly says goodbye; one that
    was killed, or went before it had heard that its answer arrived, says nothing, and one that may not be there any
    more (signed out) cannot.
    """

    def __init__(self, engine: VoiceEngine, people: People, sessions: CallSessions) -> None:
        self._engine = engine
        self._people = people
        self._sessions = sessions
        self._phones: dict[str, _Phone] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._stopped = False

    def is_browser(self, endpoint: str) -> bool:
        """Whether an endpoint is a browser's: whatever it says of a talk passes a line of this process, which is open
        or was a moment ago. An agent may take a desk telephone next."""
        return endpoint in self._phones

    def line_opened(self, endpoint: str, page: str) -> None:
        phone = self._phones.setdefault(endpoint, _Phone())
        phone.pages[page] += 1
        phone.changed.set()
        phone.changed = asyncio.Event()

    def line_closed(self, endpoint: str, page: str, *, gone: bool) -> None:
        phone = self._phones[endpoint]
        phone.pages[page] -= 1
        phone.pages += Counter()  # forgets who has none
        if phone.pages:
            return  # of two browsers, the engine alone knows which one talks: it hears when that falls silent
        if self._stopped:
            return  # we go, not the page: it comes back to the next run with the talk that it carries
        phone.closings += 1
        task = asyncio.get_running_loop().create_task(
            self._closed(phone, endpoint, page, gone=gone), name=f"line:{endpoint}"
        )
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def stop(self) -> None:
        """Wait for nobody any more; talks go on without us. To be called before pages are sent away."""
        self._stopped = True
        for task in self._ending:
            task.cancel()
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _closed(self, phone: _Phone, endpoint: str, page: str, *, gone: bool) -> None:
        try:
            await self._end_broken(phone, endpoint, page, gone=gone)
        finally:
            asyncio.get_running_loop().call_later(COMES_BACK_S, self._forget, endpoint, phone)

    def _forget(self, endpoint: str, phone: _Phone) -> None:
        phone.closings -= 1
        if not phone.pages and not phone.closings and self._phones.get(endpoint) is phone:
            del self._phones[endpoint]

    async def _end_broken(self, phone: _Phone, endpoint: str, page: str, *, gone: bool) -> None:
        owner = await self._people.by_endpoint(endpoint)
        if owner is None:
            return
        legs = self._legs_of(*owner)
        if not legs or (not gone and await self._comes_back(phone, page)):
            return
        for leg in legs:
            logger.info("the page of phone %s is gone: its leg is ended", endpoint)
            try:
                await self._engine.hang_up(leg, EndCause.FAILED)
            except AdapterFailure as failure:
                logger.warning("leg %s of a phone that is gone was not ended: %s", leg, failure.reason)

    def _legs_of(self, tenant_id: TenantId, agent_id: UUID) -> list[LegId]:
        found = [one.agent_leg for one in self._sessions.of_agent(tenant_id, agent_id)]
        return [leg for leg in found if leg is not None]

    async def _comes_back(self, phone: _Phone, page: str) -> bool:
        """Whether it is this page that has a line next. Another one knows nothing of the talk."""
        if not phone.pages:
            try:
                async with asyncio.timeout(COMES_BACK_S):
                    await phone.changed.wait()
            except TimeoutError:
                return False
        return page in phone.pages

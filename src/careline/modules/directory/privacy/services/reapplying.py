"""What was erased stays erased, also where an older database was brought back, or the list was spoiled."""

import logging
from datetime import datetime

from careline.infra.database.database import Database
from careline.kernel.tenancy import system_actor
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.privacy.services.erasing import Erasing
from careline.modules.directory.privacy.services.listing import ErasureList
from careline.modules.directory.privacy.views import ListedErasure, Mended

logger = logging.getLogger(__name__)


class Reapplying:
    """Holds the list against the database: before anybody is served, and after a restore."""

    def __init__(self, database: Database, identity: Identity, erasing: Erasing, listing: ErasureList) -> None:
        self._database = database
        self._identity = identity
        self._erasing = erasing
        self._listing = listing

    async def apply(self) -> int:
        """Erase again whom the list names and the database still knows; how many. Raises ``ListBroken``.

        What the database knows and the list does not is added to it: an older copy of the list was brought back.
        """
        listed = await self._listing.all()
        known = {one.request_id for one in listed}
        for erasure in await self._carried_out():
            if erasure.request_id not in known:
                logger.warning("erasure %s was not in the list, which is older than the database", erasure.request_id)
                await self._listing.add(erasure)
        done = 0
        for tenant in await self._identity.tenants() if listed else []:
            theirs = [one for one in listed if one.tenant_id == tenant.id]
            # Asked at once: the list only grows, and every start waits for this.
            over = await self._erasing.over(tenant.id, [one.request_id for one in theirs])
            for erasure in theirs:
                if erasure.request_id not in over and await self._erasing.again(erasure):
                    logger.warning("erasure %s was applied again to a database that is older", erasure.request_id)
                    done += 1
        return done

    async def check(self) -> int:
        """How many erasures the list names. Raises ``ListBroken``."""
        return len(await self._listing.all())

    async def mend(self, now: datetime) -> Mended:
        """Make a spoiled list whole of what can be trusted: its good lines, and what the database knows to have begun.

        A doubtful line is taken in when the database says the same. The spoiled file stays beside the new one.
        """
        found = await self._listing.salvaged()
        confirmed = {one.request_id: one for one in await self._carried_out()}
        known = {one.request_id for one in found.good}
        added = [one for one in confirmed.values() if one.request_id not in known]
        doubtful = tuple(
            number
            for number, said in found.doubtful.items()
            if said is None or said.request_id not in known | confirmed.keys()
        )
        if not found.doubtful and not added:
            return Mended(good=len(found.good), added=0, doubtful=(), aside=None)
        aside = None
        if found.doubtful:
            aside = self._listing.file.with_name(f"{self._listing.file.name}.spoiled-{now:%Y%m%dT%H%M%SZ}")
        await self._listing.renew([*found.good, *added], aside)
        mended = Mended(
            good=len(found.good), added=len(added), doubtful=doubtful, aside=None if aside is None else str(aside)
        )
        await self._tell(mended)
        return mended

    async def _tell(self, mended: Mended) -> None:
        told = {"good": mended.good, "added": mended.added, "doubtful": len(mended.doubtful)}
        for tenant in await self._identity.tenants():
            async with self._database.transaction(tenant.id) as tx:
                await self._identity.audit(tx, system_actor(tenant.id), "data-request.list-mended", None, dict(told))

    async def _carried_out(self) -> list[ListedErasure]:
        return [one for tenant in await self._identity.tenants() for one in await self._erasing.carried_out(tenant.id)]

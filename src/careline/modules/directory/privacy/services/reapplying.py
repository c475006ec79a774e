"""What was erased stays erased, also where an older database was brought back."""

import logging

from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.privacy.services.erasing import Erasing
from careline.modules.directory.privacy.services.listing import ErasureList

logger = logging.getLogger(__name__)


class Reapplying:
    """Holds the list against the database: before anybody is served, and after a restore."""

    def __init__(self, identity: Identity, erasing: Erasing, listing: ErasureList) -> None:
        self._identity = identity
        self._erasing = erasing
        self._listing = listing

    async def apply(self) -> int:
        """Erase again whom the list names and the database still knows; how many. Raises ``ListBroken``."""
        listed = await self._listing.all()
        if not listed:
            return 0
        done = 0
        for tenant in await self._identity.tenants():
            theirs = [one for one in listed if one.tenant_id == tenant.id]
            # Asked at once: the list only grows, and every start waits for this.
            over = await self._erasing.over(tenant.id, [one.request_id for one in theirs])
            for erasure in theirs:
                if erasure.request_id not in over and await self._erasing.again(erasure):
                    logger.warning("erasure %s was applied again to a database that is older", erasure.request_id)
                    done += 1
        return done

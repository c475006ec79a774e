"""Who hears whom: legs put together in a bridge, and a leg that is set aside of it with music."""

import asyncio
from collections.abc import Sequence
from urllib.parse import quote

from careline.adapters.asterisk.client import AriLink, expect
from careline.adapters.asterisk.dialplan import APPLICATION, VARIABLE_ASIDE
from careline.adapters.asterisk.legs import Leg, Legs
from careline.kernel.errors import TransientFailure
from careline.modules.contact.telephony.ports import BridgeId


class Bridges:
    """The requests for it. Whoever calls has the turns of the legs.

    Which bridge a leg stands aside of is kept in a variable of its channel, so that it is known after a restart, and
    to the keeper.
    """

    def __init__(self, link: AriLink, legs: Legs) -> None:
        self._link = link
        self._legs = legs

    async def join(self, bridge: BridgeId, legs: Sequence[Leg]) -> None:
        """Put legs together. Nothing is played to them any more."""
        path = _path(bridge)
        names = ",".join(leg.id for leg in legs)
        # Sent one after the other without waiting in between: Asterisk works them off in this order.
        query = {"channel": names, "inhibitConnectedLineUpdates": "true"}
        made, added = await asyncio.gather(
            self._link.request("POST", path, {"type": "mixing", "name": APPLICATION}),
            self._link.request("POST", f"{path}/addChannel", query),
        )
        if not added.good and made.good:
            await self._link.request("DELETE", path)  # nobody else would
        if not made.good and made.status != 409:
            raise TransientFailure(f"bridge was not made: {made.reason()}")
        expect(added, names)
        for leg in legs:
            leg.bridge = bridge
            if leg.aside:
                await self._mark(leg, "")

    async def set_aside(self, bridge: BridgeId, leg: Leg) -> None:
        """Take a leg out of a bridge, with music. Marked first: whoever finds it alone knows that it was meant."""
        if leg.aside and leg.bridge == bridge:
            return
        await self._mark(leg, bridge)
        answer = await self._link.request("POST", f"{_path(bridge)}/removeChannel", {"channel": leg.id})
        if answer.status not in (404, 422):  # 404: there is no such bridge, 422: the leg is not in it
            expect(answer, leg.id)
        leg.bridge = bridge
        path = f"channels/{quote(leg.id, safe='')}/moh"
        expect(await self._link.request("POST", path, {"mohClass": APPLICATION}), leg.id)
        leg.music = True

    async def destroy(self, bridge: BridgeId) -> list[Leg]:
        """End a bridge. Returns who stands aside of it, to be taken back with ``forget``."""
        answer = await self._link.request("DELETE", _path(bridge))
        if not answer.good and answer.status not in (404, 409):  # 409: it is ending already
            raise TransientFailure(f"bridge was not ended: {answer.reason()}")
        aside = []
        for leg in self._legs.all():
            if leg.bridge == bridge:
                leg.bridge = None
                if leg.aside:
                    aside.append(leg)
        return aside

    async def forget(self, leg: Leg) -> None:
        """A leg stands aside of nothing any more."""
        await self._mark(leg, "")

    async def _mark(self, leg: Leg, bridge: str) -> None:
        path = f"channels/{quote(leg.id, safe='')}/variable"
        answer = await self._link.request("POST", path, {"variable": VARIABLE_ASIDE, "value": bridge})
        expect(answer, leg.id)
        leg.aside = bool(bridge)


def _path(bridge: BridgeId) -> str:
    return f"bridges/{quote(bridge, safe='')}"

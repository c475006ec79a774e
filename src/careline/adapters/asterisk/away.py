"""Callers whom the safe dialplan keeps company: not with us, but we are told when they hang up there."""

from collections.abc import Iterable

from careline.adapters.asterisk.client import AriLink
from careline.adapters.asterisk.dialplan import APPLICATION
from careline.modules.contact.telephony.ports import LegId


class Away:
    """Who is away from one node. Asterisk tells an application only of channels that it holds or watches."""

    def __init__(self, link: AriLink) -> None:
        self._link = link
        self._legs: set[LegId] = set()

    def __contains__(self, leg: LegId) -> bool:
        return leg in self._legs

    def add(self, leg: LegId) -> None:
        """A caller went away; ``watch`` follows."""
        self._legs.add(leg)

    def remove(self, leg: LegId) -> bool:
        """A caller is back, or has hung up; whether they were away."""
        if leg not in self._legs:
            return False
        self._legs.remove(leg)
        return True

    async def watch(self, leg: LegId) -> bool:
        """Ask to be told of the caller's end; False when they have hung up already."""
        query = {"eventSource": f"channel:{leg}"}
        return (await self._link.request("POST", f"applications/{APPLICATION}/subscription", query)).good

    async def begin(self, legs: Iterable[LegId]) -> set[LegId]:
        """Forget who was away and watch these; those who are still there."""
        self._legs.clear()
        for leg in legs:
            if await self.watch(leg):
                self._legs.add(leg)
        return set(self._legs)

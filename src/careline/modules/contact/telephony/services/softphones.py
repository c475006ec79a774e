"""Browser phones: who may register, with a secret that is made for them and kept in memory only."""

import secrets
from collections import OrderedDict
from contextlib import suppress

from careline.kernel.errors import AdapterFailure, Conflict
from careline.modules.contact.telephony.ports import LegRole, VoiceEngine
from careline.modules.contact.telephony.views import SoftphoneView

MAX_CALLERS = 100
"""Phones of callers: the demo's, which anybody may ask for. The one that nobody asked for longest makes room."""

OFF = "voice-off"
"""What an engine answers that is switched off for as long as the process lives."""


class Softphones:
    """Gives out secrets and makes them known to the voice engine.

    A secret lives as long as the process, so a reloaded page registers with the one it had; when both the process and
    the engine were restarted, the page asks for a new one.
    """

    def __init__(self, engine: VoiceEngine) -> None:
        self._engine = engine
        self._known: OrderedDict[str, tuple[str, LegRole, str | None]] = OrderedDict()

    async def issue(self, endpoint: str, role: LegRole, *, number: str | None = None) -> SoftphoneView:
        """The secret for an endpoint, new when it has none. ``number`` is what a caller's phone calls from."""
        if endpoint not in self._known:
            self._known[endpoint] = (secrets.token_urlsafe(24), role, number)
        self._known.move_to_end(endpoint)
        secret, role, number = self._known[endpoint]
        if role is LegRole.CALLER:
            await self._make_room()
        try:
            await self._engine.put_endpoint(endpoint, secret, role=role, number=number)
        except AdapterFailure as failure:
            if failure.reason == OFF:
                raise Conflict("voice-off") from failure
            raise Conflict("voice-not-ready", reason=failure.reason) from failure
        return SoftphoneView(endpoint=endpoint, secret=secret)

    async def push_all(self) -> None:
        """Make every endpoint known to an engine that has just started and remembers none."""
        for endpoint, (secret, role, number) in list(self._known.items()):
            await self._engine.put_endpoint(endpoint, secret, role=role, number=number)

    def knows(self, endpoint: str) -> bool:
        """Whether a secret was given out for an endpoint."""
        return endpoint in self._known

    async def _make_room(self) -> None:
        callers = [endpoint for endpoint, (_, role, _) in self._known.items() if role is LegRole.CALLER]
        for endpoint in callers[:-MAX_CALLERS]:
            del self._known[endpoint]
            with suppress(AdapterFailure):  # an engine that is away forgets it by itself
                await self._engine.remove_endpoint(endpoint)

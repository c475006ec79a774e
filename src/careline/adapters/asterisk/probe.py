"""Single questions to a node over ARI's HTTP, for starting it and for the doctor; calls use the link."""

import asyncio
import base64
import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from careline.adapters.asterisk.node import NodeKeys
from careline.kernel.errors import TransientFailure

_SECONDS = 3.0


class NodeProbe:
    """Asks one node."""

    def __init__(self, keys: NodeKeys) -> None:
        pair = base64.b64encode(f"{keys.ari_user}:{keys.ari_password}".encode()).decode()
        self._base = f"{keys.ari_url}/ari/"
        self.headers = {"Authorization": f"Basic {pair}"}
        self._opener = build_opener(ProxyHandler({}))  # loopback is never behind a proxy

    async def ping(self) -> None:
        """Raises ``TransientFailure`` when it does not answer."""
        await self.ask("asterisk/ping")

    async def channels(self) -> list[dict[str, Any]]:
        """Its channels, as it says them."""
        found: list[dict[str, Any]] = await self.ask("channels")
        return found

    async def ask(self, path: str) -> Any:
        """The JSON behind a path."""
        return await asyncio.to_thread(self._ask, path)

    def _ask(self, path: str) -> Any:
        request = Request(self._base + path, headers=self.headers)  # noqa: S310 - http to loopback
        try:
            with self._opener.open(request, timeout=_SECONDS) as response:
                return json.load(response)
        except (HTTPError, URLError, OSError, ValueError) as failure:
            raise TransientFailure(f"the voice node does not answer: {failure}") from None

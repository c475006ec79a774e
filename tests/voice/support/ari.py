"""An Asterisk asked over HTTP (ARI) for what no engine would ask."""

import json
from urllib.request import ProxyHandler, Request, build_opener

from careline.adapters.asterisk.node import NodeKeys
from careline.adapters.asterisk.probe import NodeProbe


class Ari:
    """The HTTP interface of one node."""

    def __init__(self, keys: NodeKeys) -> None:
        self._keys = keys

    def request(self, method: str, path: str, body: object = None) -> int:
        """Ask; returns the status."""
        data = None if body is None else json.dumps(body).encode()
        headers = {**NodeProbe(self._keys).headers, "Content-Type": "application/json"}
        url = f"{self._keys.ari_url}/ari/{path}"
        request = Request(url, data=data, headers=headers, method=method)
        try:
            with build_opener(ProxyHandler({})).open(request, timeout=5) as response:
                return int(response.status)
        except OSError as failure:
            status = getattr(failure, "code", 0)
            failure.close() if hasattr(failure, "close") else None
            return int(status)

    def put_plain_phone(self, endpoint: str, uri: str) -> None:
        """An endpoint that is reached by UDP without registering, in place of a browser phone."""

        def fields(values: dict[str, str]) -> dict[str, list[dict[str, str]]]:
            return {"fields": [{"attribute": key, "value": value} for key, value in values.items()]}

        objects = "asterisk/config/dynamic/res_pjsip"
        self.request("DELETE", f"{objects}/endpoint/{endpoint}")
        self.request("DELETE", f"{objects}/aor/{endpoint}")
        assert self.request("PUT", f"{objects}/aor/{endpoint}", fields({"contact": uri, "max_contacts": "1"})) == 200
        values = {"aors": endpoint, "context": "from-agent", "transport": "udp", "direct_media": "no"}
        values |= {"disallow": "all", "allow": "alaw,ulaw", "timers": "no", "rtp_timeout": "30"}
        assert self.request("PUT", f"{objects}/endpoint/{endpoint}", fields(values)) == 200

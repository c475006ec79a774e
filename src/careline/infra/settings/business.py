"""Settings of the operator's business systems that flows may ask."""

import re
from collections.abc import Collection, Mapping

import msgspec

from careline.kernel.errors import Invalid

VARIABLE = "CARELINE_BUSINESS_SYSTEMS"
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:(?P<port>[1-9][0-9]{0,4}))?")


class BusinessSystem(msgspec.Struct, frozen=True, kw_only=True):
    """A system that connections of flows may lead to."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


def load_business(env: Mapping[str, str], *, private_hosts: Collection[str]) -> tuple[BusinessSystem, ...]:
    """Origins, one by one: no path, and TLS but for hosts in a private network. Raises ``Invalid``."""
    found = []
    for part in env.get(VARIABLE, "").split(","):
        if not (origin := part.strip().lower()):
            continue
        known = _ORIGIN.fullmatch(origin)
        if known is None or int(known["port"] or 1) > 65535:
            raise Invalid("business-system-not-usable", field=VARIABLE, value=part.strip())
        if known["scheme"] == "http" and known["host"] not in private_hosts:
            raise Invalid("business-system-not-usable", field=VARIABLE, value=part.strip())
        port = int(known["port"] or (443 if known["scheme"] == "https" else 80))
        found.append(BusinessSystem(scheme=known["scheme"], host=known["host"], port=port))
    return tuple(found)


def shown_business(systems: tuple[BusinessSystem, ...]) -> dict[str, str]:
    """The setting by its variable's name."""
    return {VARIABLE: ",".join(str(one) for one in systems)}

"""Makes the way to the business systems of the settings."""

from careline.adapters.bss.systems import HttpBusinessSystems
from careline.infra.egress.client import Host
from careline.infra.settings.settings import Settings


def business_systems(settings: Settings) -> HttpBusinessSystems:
    """The systems that may be asked. Nothing is asked yet."""
    private = settings.oidc.private_hosts
    return HttpBusinessSystems(
        tuple(
            Host(name=one.host, port=one.port, scheme=one.scheme, private=one.host in private)
            for one in settings.business
        )
    )

"""Makes the gateway of the settings."""

from urllib.parse import urlsplit

from careline.adapters.smsgateway.gateway import HttpGateway
from careline.infra.egress.client import Egress, Host
from careline.infra.settings.settings import Settings


def sms_gateway(settings: Settings) -> HttpGateway | None:
    """The gateway that texts leave by; None when the settings name none. Nothing is asked yet."""
    sms = settings.sms
    if not sms.url:
        return None
    parts = urlsplit(sms.url)
    name = (parts.hostname or "").lower()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = Host(name=name, port=port, scheme=parts.scheme, private=name in settings.oidc.private_hosts)
    return HttpGateway(sms, Egress((host,), timeout_s=sms.timeout_s))

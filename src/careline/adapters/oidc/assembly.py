"""Makes the provider of the settings."""

from urllib.parse import urlsplit

from careline.adapters.oidc.provider import Client, OidcProvider
from careline.infra.egress.client import Egress, Host
from careline.infra.settings.settings import Settings
from careline.kernel.clock import Clock
from careline.modules.directory.identity.ports import External
from careline.modules.directory.identity.views import ExternalSettings

BACK = "/api/v1/session/external/back"


def external_sign_in(settings: Settings, clock: Clock) -> External | None:
    """The provider that people may sign in through; None when the settings name none. Nothing is asked yet."""
    oidc = settings.oidc
    if not oidc.issuer or oidc.secret_file is None:
        return None
    issuer = urlsplit(oidc.issuer)
    scheme, name = issuer.scheme, (issuer.hostname or "").lower()
    own = Host(
        name=name,
        port=issuer.port or (443 if scheme == "https" else 80),
        scheme=scheme,
        private=name in oidc.private_hosts,
    )
    others = (Host(name=host, port=443, private=host in oidc.private_hosts) for host in oidc.hosts)
    client = Client(issuer=oidc.issuer, client_id=oidc.client_id, secret_file=oidc.secret_file, claim=oidc.claim)
    shown = ExternalSettings(
        name=oidc.name,
        tenant=oidc.tenant,
        redirect_uri=f"{(settings.address or '').rstrip('/')}{BACK}",
        create_role=oidc.create_role,
    )
    return External(OidcProvider(client, Egress((own, *others)), clock), shown)

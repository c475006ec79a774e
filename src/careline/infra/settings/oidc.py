"""Settings of signing in through an OpenID Connect provider."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from careline.kernel.errors import Invalid

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?\Z")


class OidcSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Without an ``issuer`` there is no provider. ``claim`` names the claim that holds the login.

    ``create_role`` is what somebody gets who is not known yet; None makes nobody. ``hosts`` are those that may be asked
    besides the issuer's; those in ``private_hosts`` may lie in a private network, and be asked without TLS.
    """

    issuer: str
    client_id: str
    secret_file: Path | None
    tenant: str
    claim: str
    create_role: str | None
    name: str
    hosts: tuple[str, ...]
    private_hosts: tuple[str, ...]


def load_oidc(env: Mapping[str, str], home: Path, *, address: str | None) -> OidcSettings:
    """The provider; none when ``issuer`` is empty. Raises ``Invalid`` naming the variable that is missing or wrong."""
    issuer, secret = env.get("CARELINE_OIDC_ISSUER", ""), env.get("CARELINE_OIDC_SECRET_FILE", "")
    settings = OidcSettings(
        issuer=issuer,
        client_id=env.get("CARELINE_OIDC_CLIENT_ID", ""),
        secret_file=(home / secret).resolve() if secret else None,
        tenant=env.get("CARELINE_OIDC_TENANT", ""),
        claim=env.get("CARELINE_OIDC_CLAIM") or "email",
        create_role=env.get("CARELINE_OIDC_CREATE_ROLE") or None,
        name=env.get("CARELINE_OIDC_NAME") or urlsplit(issuer).hostname or "",
        hosts=_hosts(env, "CARELINE_OIDC_HOSTS"),
        private_hosts=_hosts(env, "CARELINE_EGRESS_PRIVATE"),
    )
    if issuer:
        _check(settings, address)
    return settings


def _check(settings: OidcSettings, address: str | None) -> None:
    needed = {
        "CARELINE_OIDC_CLIENT_ID": settings.client_id,
        "CARELINE_OIDC_SECRET_FILE": settings.secret_file,
        "CARELINE_OIDC_TENANT": settings.tenant,
        "CARELINE_ADDRESS": address,
    }
    for name, value in needed.items():
        if not value:
            raise Invalid("oidc-setting-missing", field=name)
    parts = urlsplit(settings.issuer)
    plain = parts.scheme == "http" and parts.hostname in settings.private_hosts
    odd = parts.query or parts.fragment or parts.username is not None or not parts.hostname
    if odd or (parts.scheme != "https" and not plain):
        raise Invalid("oidc-issuer-not-usable", field="CARELINE_OIDC_ISSUER", value=settings.issuer)


def shown_oidc(oidc: OidcSettings) -> dict[str, str]:
    """Each setting by its variable's name."""
    return {
        "CARELINE_OIDC_ISSUER": oidc.issuer,
        "CARELINE_OIDC_CLIENT_ID": oidc.client_id,
        "CARELINE_OIDC_SECRET_FILE": str(oidc.secret_file or ""),
        "CARELINE_OIDC_TENANT": oidc.tenant,
        "CARELINE_OIDC_CLAIM": oidc.claim,
        "CARELINE_OIDC_CREATE_ROLE": oidc.create_role or "",
        "CARELINE_OIDC_NAME": oidc.name,
        "CARELINE_OIDC_HOSTS": ",".join(oidc.hosts),
        "CARELINE_EGRESS_PRIVATE": ",".join(oidc.private_hosts),
    }


def _hosts(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = [part.strip().lower() for part in env.get(name, "").split(",") if part.strip()]
    for host in found:
        if not _HOST.match(host):
            raise Invalid("host-not-usable", field=name, value=host)
    return tuple(found)

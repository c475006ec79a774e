"""One OpenID Connect provider (OpenID Connect Core 1.0; RFC 6749, RFC 7636)."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from careline.infra.egress.client import Answer, Egress
from careline.kernel.clock import Clock
from careline.kernel.errors import PermanentFailure, TransientFailure
from careline.modules.directory.identity.views import ExternalPerson

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
"""Asymmetric ones only: no ``none``, and no key that the provider publishes used as a password (HS256)."""

MORE_THAN_A_PASSWORD = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "face", "iris", "sc"})

LEEWAY_S = 60
"""How far the provider's clock may be from ours."""

KEPT_FOR_S = 3600
KEYS_AGAIN_AFTER_S = 60
"""Keys are asked for anew when a token names one that is not known, but not by every such token."""


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """What the provider knows us by. ``claim`` names the one that holds the login."""

    issuer: str
    client_id: str
    secret_file: Path
    claim: str

    @property
    def secret(self) -> str:
        """Read when it is used: it may be changed while we run. Raises ``PermanentFailure``."""
        try:
            return self.secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise PermanentFailure("CARELINE_OIDC_SECRET_FILE cannot be read") from None


class _Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """Of the discovery document (OpenID Connect Discovery 1.0 §3) what is used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Tokens(msgspec.Struct, frozen=True, kw_only=True):
    id_token: str


class OidcProvider:
    """Signs people in elsewhere. What it learns of the provider is kept for an hour."""

    def __init__(self, client: Client, egress: Egress, clock: Clock) -> None:
        self._client = client
        self._egress = egress
        self._clock = clock
        self._metadata: _Metadata | None = None
        self._metadata_at = 0.0
        self._keys: KeySet | None = None
        self._keys_at = 0.0

    async def address(self, *, state: str, nonce: str, challenge: str, redirect_uri: str) -> str:
        """Where the browser is sent to sign in. ``challenge`` is that of PKCE, S256."""
        metadata = await self._discovered()
        asked = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        between = "&" if urlsplit(metadata.authorization_endpoint).query else "?"
        return f"{metadata.authorization_endpoint}{between}{urlencode(asked)}"

    async def person(self, *, code: str, verifier: str, nonce: str, redirect_uri: str) -> ExternalPerson:
        """Who signed in there. Raises ``PermanentFailure`` when the provider or its token is not to be believed."""
        metadata = await self._discovered()
        answer = await self._redeem(metadata, code, verifier, redirect_uri)
        if answer.status != 200:
            raise PermanentFailure(f"the provider refused the code ({answer.status})")
        claims = await self._checked(_decoded(answer.body, _Tokens).id_token, nonce)
        value = claims.get(self._client.claim)
        if self._client.claim == "email" and claims.get("email_verified") is not True:
            raise PermanentFailure("the provider did not verify the email address")
        if not isinstance(value, str) or not value:
            raise PermanentFailure(f"the ID token has no claim {self._client.claim}")
        name = claims.get("name")
        return ExternalPerson(
            issuer=self._client.issuer,
            subject=_subject(claims.get("sub")),
            login=value,
            display_name=name if isinstance(name, str) and name.strip() else value,
            second_factor=_asked_for_more(claims.get("amr")),
        )

    async def _redeem(self, metadata: _Metadata, code: str, verifier: str, redirect_uri: str) -> Answer:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        if "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            basic = (self._client.client_id, self._client.secret)
            return await self._egress.post_form(metadata.token_endpoint, fields, basic=basic)
        own = {"client_id": self._client.client_id, "client_secret": self._client.secret}
        return await self._egress.post_form(metadata.token_endpoint, {**fields, **own})

    async def _checked(self, token: str, nonce: str) -> dict[str, Any]:
        """The claims of an ID token that is to be believed (OpenID Connect Core 1.0 §3.1.3.7)."""
        registry = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._client.issuer},
            aud={"essential": True, "value": self._client.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            decoded = await self._verified(token)
            registry.validate(decoded)
        except (JoseError, ValueError) as error:
            raise PermanentFailure(f"the ID token is not to be believed ({type(error).__name__})") from None
        others = decoded.get("aud")
        if isinstance(others, list) and len(others) > 1 and decoded.get("azp") != self._client.client_id:
            raise PermanentFailure("the ID token is for somebody else as well (azp)")
        return decoded

    async def _verified(self, token: str) -> dict[str, Any]:
        known = await self._known_keys(fresh=False)
        try:
            return dict(jwt.decode(token, known, algorithms=ALGORITHMS).claims)
        except (JoseError, ValueError):
            newer = await self._known_keys(fresh=True)
            if newer is known:
                raise
            return dict(jwt.decode(token, newer, algorithms=ALGORITHMS).claims)

    async def _known_keys(self, *, fresh: bool) -> KeySet:
        age = self._clock.monotonic() - self._keys_at
        if self._keys is None or age >= (KEYS_AGAIN_AFTER_S if fresh else KEPT_FOR_S):
            answer = await self._egress.get((await self._discovered()).jwks_uri)
            try:
                self._keys = KeySet.import_key_set(_decoded(answer.body, dict[str, Any]))
            except (JoseError, ValueError, KeyError, TypeError):
                raise PermanentFailure("the provider's keys cannot be read") from None
            self._keys_at = self._clock.monotonic()
        return self._keys

    async def _discovered(self) -> _Metadata:
        if self._metadata is None or self._clock.monotonic() - self._metadata_at >= KEPT_FOR_S:
            answer = await self._egress.get(f"{self._client.issuer.rstrip('/')}/.well-known/openid-configuration")
            if answer.status != 200:
                raise TransientFailure(f"the provider's description is not there ({answer.status})")
            found = _decoded(answer.body, _Metadata)
            if found.issuer != self._client.issuer:
                raise PermanentFailure("the provider calls itself by another name than CARELINE_OIDC_ISSUER")
            self._metadata, self._metadata_at = found, self._clock.monotonic()
        return self._metadata


def _subject(value: object) -> str:
    """OpenID Connect Core 1.0 §2: at most 255 ASCII characters, compared as they are."""
    if not isinstance(value, str) or not 1 <= len(value) <= 255 or not value.isascii() or not value.isprintable():
        raise PermanentFailure("the ID token has a sub that is none")
    return value


def _asked_for_more(methods: object) -> bool:
    """Whether the provider says that it asked for more than a password (RFC 8176 §2)."""
    return isinstance(methods, list) and any(one in MORE_THAN_A_PASSWORD for one in methods)


def _decoded(body: bytes, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise PermanentFailure("the provider's answer cannot be read") from None

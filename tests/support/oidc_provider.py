"""A small OpenID Connect provider on loopback: real keys, real codes, and knobs to misbehave."""

import base64
import hashlib
import html
import json
import secrets
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Header, Request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

CLIENT_ID = "careline"
CLIENT_SECRET = "a secret of the provider"


@cache
def a_key(_which: str) -> RSAKey:
    """Made once: it takes longer than all that is done with it. All call themselves ``one``."""
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


@dataclass
class SmallProvider:
    """``claims`` go into every ID token, over those it would make; ``header`` and ``unsigned`` break its signature."""

    issuer: str = ""
    email: str = "8021@example.com"
    claims: dict[str, Any] = field(default_factory=dict)
    sign: str = "rs256"
    """``rs256``, ``none``, ``hs256`` (with the public key as the password), ``other`` (a key nobody published)."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    redeemed: list[str] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: a_key("one"))

    def app(self) -> FastAPI:
        app = FastAPI()
        app.get("/.well-known/openid-configuration")(self.description)
        app.get("/keys")(self.keys)
        app.get("/authorize")(self.authorize)
        app.post("/token")(self.token)
        return app

    async def description(self) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    async def keys(self) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        """The page on which one would type a password: here one button."""
        asked = dict(request.query_params)
        self.asked.append(asked)
        if asked.get("yes") is None:
            fields = "".join(
                f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
                for name, value in asked.items()
            )
            return HTMLResponse(f'<form>{fields}<button name="yes" value="1">Sign in as {self.email}</button></form>')
        return RedirectResponse(self.back(asked), 303)

    def back(self, asked: dict[str, str]) -> str:
        """Where the browser goes after consent, with a new code."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    async def token(
        self,
        code: str = Form(),
        redirect_uri: str = Form(),
        code_verifier: str = Form(),
        authorization: str = Header(),
    ) -> Response:
        asked = self.codes.pop(code, None)
        known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        digest = hashlib.sha256(code_verifier.encode()).digest()
        if (
            asked is None
            or authorization != f"Basic {known}"
            or redirect_uri != asked["redirect_uri"]
            or base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.redeemed.append(code)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])})

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "person-1",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "email": self.email,
            "email_verified": True,
            "name": "陈晓岚",
        }
        claims = {name: value for name, value in {**claims, **self.claims}.items() if value is not None}
        if self.sign == "none":
            parts = ({"alg": "none"}, claims)
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts)
                + "."
            )
        if self.sign == "hs256":
            public = self.key.as_pem(private=False)
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(public), algorithms=["HS256"])
        key = self.key if self.sign == "rs256" else a_key("never published")
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)

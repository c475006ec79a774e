"""What is remembered of a sign-in that was begun at another provider, and where it may lead back to."""

import base64
import hashlib
import re
import secrets
from datetime import datetime, timedelta

import msgspec

GOOD_FOR = timedelta(minutes=10)
"""So long somebody may take to sign in there."""

START = "/"
"""Where people land who wanted to go nowhere."""

_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*\Z")
"""A path on this host: no second slash, no backslash, nothing that a browser would straighten into another host."""


class Handshake(msgspec.Struct, frozen=True, kw_only=True):
    """``state`` ties the answer to this browser (RFC 6749 §10.12), ``nonce`` the ID token, ``verifier`` the code."""

    state: str
    nonce: str
    verifier: str
    next: str
    begun_at: datetime

    @property
    def challenge(self) -> str:
        """What the provider is told of the verifier (RFC 7636 §4.2, S256)."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()

    def is_over(self, now: datetime) -> bool:
        """Whether it took too long, or was begun in the future."""
        return not timedelta() <= now - self.begun_at < GOOD_FOR


def new_handshake(wanted: str | None, now: datetime) -> Handshake:
    """A sign-in that begins now and leads to a path of ours; to the start when that is none."""
    return Handshake(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        next=own_path(wanted),
        begun_at=now,
    )


def own_path(wanted: str | None) -> str:
    """A path of this host, or ``/``: an address from outside must not become where people land."""
    return wanted if wanted is not None and len(wanted) <= 500 and _OWN_PATH.match(wanted) else START

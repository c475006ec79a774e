"""The envelope of a file: sealed in pieces under a key of its own, and that key sealed under the store's.

Layout: ``CLF1`` · 12 bytes nonce · the file's key, sealed (48 bytes) · pieces. A piece is 64 KiB of content (the last
one 0 to 64 KiB) and 16 bytes of tag, AES-256-GCM. Its nonce is its number and whether it is the last, so pieces can
neither be exchanged, left out nor cut off at the end; whose file it is (tenant and id) is bound to each as associated
data.
"""

import os
import struct
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from careline.kernel.errors import PermanentFailure
from careline.kernel.tenancy import TenantId

PIECE = 65_536
TAG = 16
SEALED_PIECE = PIECE + TAG
KEY = 32

_MAGIC = b"CLF1"
_NONCE = 12
HEADER = len(_MAGIC) + _NONCE + KEY + TAG


class Envelope:
    """Seals and opens the pieces of one file."""

    def __init__(self, tenant_id: TenantId, file_id: UUID, key: bytes) -> None:
        self._owner = owner(tenant_id, file_id)
        self._cipher = AESGCM(key)

    def seal(self, number: int, content: bytes, *, last: bool) -> bytes:
        """Piece ``number``, from 0."""
        return self._cipher.encrypt(_nonce(number, last=last), content, self._owner)

    def open(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        """What was sealed. Raises ``PermanentFailure`` when it is anything else."""
        try:
            return self._cipher.decrypt(_nonce(number, last=last), sealed, self._owner)
        except InvalidTag:
            raise PermanentFailure("a file is not what was written") from None


def new_envelope(master: bytes, tenant_id: TenantId, file_id: UUID) -> tuple[Envelope, bytes]:
    """An envelope with a fresh key, and the header that opens it again with the store's key."""
    key, nonce = AESGCM.generate_key(KEY * 8), os.urandom(_NONCE)
    wrapped = AESGCM(master).encrypt(nonce, key, owner(tenant_id, file_id))
    return Envelope(tenant_id, file_id, key), _MAGIC + nonce + wrapped


def known_envelope(master: bytes, tenant_id: TenantId, file_id: UUID, header: bytes) -> Envelope:
    """The envelope of a header. Raises ``PermanentFailure`` when it is another file's, or under another key."""
    if len(header) != HEADER or not header.startswith(_MAGIC):
        raise PermanentFailure("a file does not begin as a sealed one")
    nonce, wrapped = header[len(_MAGIC) : len(_MAGIC) + _NONCE], header[len(_MAGIC) + _NONCE :]
    try:
        key = AESGCM(master).decrypt(nonce, wrapped, owner(tenant_id, file_id))
    except InvalidTag:
        raise PermanentFailure("a file was sealed under another key, or for another place") from None
    return Envelope(tenant_id, file_id, key)


def derived(master: bytes, purpose: str) -> bytes:
    """A key for something else than files, of 32 bytes; it tells nothing of the store's own (HKDF, RFC 5869)."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY, salt=None, info=purpose.encode()).derive(master)


def owner(tenant_id: TenantId, file_id: UUID) -> bytes:
    """Whose file it is, as it is bound to every piece."""
    return tenant_id.bytes + file_id.bytes


def content_size(sealed_size: int) -> int:
    """How many bytes a sealed file holds. Raises ``PermanentFailure`` for a size that none can have."""
    body = sealed_size - HEADER
    pieces = -(-body // SEALED_PIECE)
    if body < TAG or body - (pieces - 1) * SEALED_PIECE < TAG:
        raise PermanentFailure("a file was cut off")
    return body - pieces * TAG


def _nonce(number: int, *, last: bool) -> bytes:
    return struct.pack(">Q3x?", number, last)

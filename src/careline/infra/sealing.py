"""What the database may hold and whoever copies it may not read: sealed with a key that lies beside it, not in it.

The key is one file of the data folder (``CARELINE_SEAL_KEY``), made when it is first needed. Each purpose has a key of
its own, derived from it (HKDF, RFC 5869). What is sealed says which algorithm and which key made it, so that another
can take over one day.

>>> sealing.seal(b"…", purpose="second-factor", bound_to=str(user_id))
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from careline.kernel.errors import Unavailable

KEY_BYTES = 32
NONCE_BYTES = 12
ALGORITHM = "aes-256-gcm"


class SealBroken(Exception):
    """What is sealed was made with another key, for something else, or was changed. The message holds no secret."""


class Sealing:
    """Seals and opens small values. Nothing is read or made before it is needed."""

    def __init__(self, key_file: Path) -> None:
        self._file = key_file
        self._master: bytes | None = None

    def seal(self, plain: bytes, *, purpose: str, bound_to: str) -> str:
        """Text that only this key opens, and only for the same purpose and owner (``bound_to``)."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        closed = AESGCM(self._key(purpose)).encrypt(nonce, plain, bound_to.encode())
        return f"{ALGORITHM}:{self._name()}:{base64.urlsafe_b64encode(nonce + closed).decode()}"

    def open(self, sealed: str, *, purpose: str, bound_to: str) -> bytes:
        """What was sealed. Raises ``SealBroken``."""
        algorithm, _, rest = sealed.partition(":")
        name, _, text = rest.partition(":")
        if algorithm != ALGORITHM or name != self._name():
            raise SealBroken(f"sealed with another key or algorithm; is {self._file.name} the one of this database?")
        try:
            data = base64.urlsafe_b64decode(text.encode())
            return AESGCM(self._key(purpose)).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], bound_to.encode())
        except (InvalidTag, binascii.Error, ValueError):
            raise SealBroken("what is sealed was changed, or belongs to somebody else") from None

    def mark(self, value: str, *, purpose: str) -> str:
        """A keyed hash, hexadecimal: for values too short to be kept under a hash that anybody can make."""
        return hmac.new(self._key(purpose), value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def _key(self, purpose: str) -> bytes:
        made = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"careline " + purpose.encode())
        return made.derive(self._known())

    def _name(self) -> str:
        return hashlib.sha256(b"careline key name" + self._known()).hexdigest()[:8]

    def _known(self) -> bytes:
        if self._master is None:
            self._master = _read(self._file) or _make(self._file)
        return self._master


def _read(file: Path) -> bytes | None:
    """The key in a file; None when there is no file. Raises ``Unavailable`` when it cannot be used."""
    try:
        text = file.read_bytes().strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable("seal-key-not-usable", path=str(file), why=error.strerror or "") from None
    with suppress(binascii.Error, ValueError):
        key = base64.b64decode(text, validate=True)
        if len(key) == KEY_BYTES:
            return key
    raise Unavailable("seal-key-not-usable", path=str(file), why="it does not hold 32 bytes in base64")


def _make(file: Path) -> bytes:
    """A new key, whole from the first moment and readable by its owner only; of two at once, the first one's counts."""
    aside = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            with suppress(FileExistsError):
                os.link(aside, file)
        finally:
            aside.unlink()
    except OSError as error:
        raise Unavailable("seal-key-not-usable", path=str(file), why=error.strerror or "") from None
    known = _read(file)
    assert known is not None, "it was just made"
    return known

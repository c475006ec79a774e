"""Entries of the audit as they are stored, and the seals that close them in batches."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

AUDIT_BATCH = 100
"""So many entries are sealed at once, at the latest; fewer when a minute has passed."""

DIGESTS: dict[str, Callable[[bytes], str]] = {"sha256": lambda data: hashlib.sha256(data).hexdigest()}
"""Digests that seals may be made with, by name. A seal keeps the name of its own, so a trail begun with one can go on
with another."""

EACH = "-each"
"""Behind the name of a digest: the seal covers a digest of each entry, so that one entry can be proven without showing
the others. Without it, as in older trails, it covers the entries themselves."""

AUDIT_DIGEST = f"sha256{EACH}"


class AuditRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An audit entry exactly as stored; ``params`` is canonical JSON text."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str | None
    params: str


class SealHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What a seal says about itself; its hash covers this, the hash of the seal before, and the entries."""

    tenant: str
    number: int
    from_seq: int
    to_seq: int
    algorithm: str
    sealed_at: datetime
    previous: str


def canonical(value: object) -> str:
    """JSON in one form only: no spaces, keys in order."""
    return msgspec.json.encode(value, order="deterministic").decode()


def seal_hash(header: SealHeader, entries: Sequence[AuditRecord]) -> str | None:
    """The hash that seals these entries, hexadecimal; None when the header names a digest this version has not."""
    digests = entry_digests(header.algorithm, entries)
    if digests is not None:
        return seal_hash_over(header, digests)
    digest = DIGESTS.get(header.algorithm)
    return None if digest is None else digest(canonical([header, entries]).encode())


def seal_hash_over(header: SealHeader, digests: Sequence[str]) -> str | None:
    """The same from the digests of its entries; None for a seal that covers no digests of each."""
    digest = _of_each(header.algorithm)
    return None if digest is None else digest(canonical([header, digests]).encode())


def entry_digests(algorithm: str, entries: Sequence[AuditRecord]) -> list[str] | None:
    """The digests of these entries that such a seal covers; None for a seal that covers the entries themselves."""
    digest = _of_each(algorithm)
    return None if digest is None else [digest(canonical(entry).encode()) for entry in entries]


def _of_each(algorithm: str) -> Callable[[bytes], str] | None:
    return DIGESTS.get(algorithm.removesuffix(EACH)) if algorithm.endswith(EACH) else None

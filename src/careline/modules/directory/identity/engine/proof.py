"""Checking the file of an extract without the house that it is from.

The proof holds, for each seal over an entry of the file, what the seal says about itself and the digest of each of its
entries, so that whoever checks one entry sees no other. It also holds the two entries that tell of the extract itself:
what was asked for, and which file was handed out. A seal of an older trail has no digests: its entries are there whole.
"""

import bisect
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from careline.modules.directory.identity.engine import lines, seals
from careline.modules.directory.identity.engine.seals import AuditRecord, SealHeader
from careline.modules.directory.identity.engine.trail import Breach, ExtractCheck, SealView

TAKEN = "audit.export-taken"

LONGEST_LINE = 1_000_000


def proof_line(header: SealHeader, seal_hash: str, entries: list[AuditRecord]) -> dict[str, Any]:
    """A seal with what proves it."""
    digests = seals.entry_digests(header.algorithm, entries)
    shown = {"digests": digests} if digests is not None else {"entries": entries}
    values = msgspec.structs.asdict(header)
    return {"kind": "seal", **values, "hash": seal_hash, **shown}


def check_extract(file: Iterable[bytes], proof: Iterable[bytes], known: Mapping[int, str]) -> ExtractCheck:
    """Check each entry of the file, and the file as a whole. ``known`` are seals kept elsewhere, number → hash."""
    check = _Proof(known)
    check.read(proof)
    return check.of(file)


class _Proof:
    def __init__(self, known: Mapping[int, str]) -> None:
        self._known = known
        self._hashes: dict[int, str] = {}
        self._starts: list[int] = []
        self._digests: list[list[bytes]] = []
        self._told: list[AuditRecord] = []
        self._last: SealView | None = None
        self._breaches: list[Breach] = []
        self._extract = ""

    def read(self, proof: Iterable[bytes]) -> None:
        """Take the seals whose hash can be made anew; entries are proven by no others."""
        ended = False
        number = 0
        sealed: list[tuple[int, list[bytes]]] = []
        for number, line in enumerate(proof, start=1):
            try:
                if len(line) > LONGEST_LINE:
                    raise ValueError("no line of a proof is so long")
                told = msgspec.json.decode(line, type=dict[str, Any])
                kind = told.pop("kind")
                if kind == "proof":
                    self._extract = str(told["extract"])
                elif kind == "seal":
                    sealed += self._seal(told)
                elif kind == "entry":
                    self._told.append(msgspec.convert({**told, "params": seals.canonical(told["params"])}, AuditRecord))
                elif kind == "end":
                    ended = int(told["seals"]) == len(self._hashes)
                else:
                    raise ValueError(f"no line of a proof is of the kind {kind!r}")
            except (msgspec.MsgspecError, ValueError, KeyError, TypeError):
                self._found("line-unreadable", number)
        if not ended:
            self._found("end-missing", number)
        for start, digests in sorted(sealed, key=lambda one: one[0]):
            self._starts.append(start)
            self._digests.append(digests)

    def of(self, file: Iterable[bytes]) -> ExtractCheck:
        """Look at each entry of a file, and at its digest."""
        whole = hashlib.sha256()
        entries = 0
        for number, entry in lines.read_back(_text(file, whole)):
            if entry is None:
                self._found("line-unreadable", number)
                continue
            entries += 1
            self._entry(entry)
        if whole.hexdigest() not in set(self._files()):
            self._found("file-changed", 1)
        return ExtractCheck(entries=entries, seals=len(self._hashes), last_seal=self._last, breaches=self._breaches)

    def _seal(self, told: dict[str, Any]) -> list[tuple[int, list[bytes]]]:
        stated = str(told.pop("hash"))
        entries = msgspec.convert(told.pop("entries", []), list[AuditRecord])
        digests = told.pop("digests", None)
        header = msgspec.convert(told, SealHeader)
        if digests is None:
            made = seals.seal_hash(header, entries)
            digests = [hashlib.sha256(seals.canonical(one).encode()).hexdigest() for one in entries]
        else:
            digests = msgspec.convert(digests, list[str])
            made = seals.seal_hash_over(header, digests)
        self._hashes[header.number] = stated
        fits = made == stated and len(digests) == header.to_seq - header.from_seq + 1
        fits = fits and self._known.get(header.number, stated) == stated
        fits = fits and self._hashes.get(header.number - 1, header.previous) == header.previous
        if not fits:
            self._found("seal-broken", header.number)
            return []
        seal = {name: getattr(header, name) for name in SealView.__struct_fields__ if name != "hash"}
        if self._last is None or header.number > self._last.number:
            self._last = SealView(**seal, hash=stated)
        return [(header.from_seq, [bytes.fromhex(one) for one in digests])]

    def _proven(self, entry: AuditRecord) -> bool | None:
        """Whether it is as it was sealed; None when no seal of the proof is over it."""
        place = bisect.bisect_right(self._starts, entry.seq) - 1
        if place < 0 or entry.seq - self._starts[place] >= len(self._digests[place]):
            return None
        sealed = self._digests[place][entry.seq - self._starts[place]]
        # A cell without text may be no subject or an empty one.
        both = [entry] if entry.subject else [entry, msgspec.structs.replace(entry, subject="")]
        return any(hashlib.sha256(seals.canonical(one).encode()).digest() == sealed for one in both)

    def _entry(self, entry: AuditRecord) -> None:
        proven = self._proven(entry)
        if not proven:
            self._found("record-unproven" if proven is None else "record-changed", entry.seq)

    def _files(self) -> Iterator[str]:
        for entry in self._told:
            if entry.action == TAKEN and entry.subject == self._extract and self._proven(entry):
                yield str(msgspec.json.decode(entry.params).get("sha256"))

    def _found(self, kind: str, number: int) -> None:
        self._breaches.append(Breach(kind=kind, first=number, last=number))


def _text(file: Iterable[bytes], whole: Any) -> Iterator[str]:
    for line in file:
        whole.update(line)
        yield line.decode("utf-8", "replace")

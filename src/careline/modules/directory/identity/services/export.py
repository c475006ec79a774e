"""Taking the audit out of the house: as lines that prove themselves wherever they are kept."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

import msgspec

from careline.infra.database.database import Database
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.identity.engine import seals
from careline.modules.directory.identity.engine.seals import AuditRecord, SealHeader
from careline.modules.directory.identity.repository import audit as rows
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.views import Breach, ExportCheck, SealView

LONGEST_LINE = 100_000


class AuditExport:
    """Writes a part of a tenant's trail: a line for the trail, then entries, each hundred closed by its seal."""

    def __init__(self, database: Database, trail: AuditTrail) -> None:
        self._database = database
        self._trail = trail

    async def lines(
        self,
        actor: Actor,
        *,
        since: datetime | None,
        until: datetime | None,
        after: int,
        at_most: int | None,
    ) -> AsyncIterator[bytes]:
        """The lines, each with its end. Audited before the first is handed out. ``at_most`` bounds the entries.

        What is asked for is widened to whole seals, because a seal proves all of its entries or none.
        """
        told = {"since": _text(since), "until": _text(until), "after": after}
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            self._trail.record(tx, actor, "audit.exported", None, told)
        while await self._trail.seal(actor.tenant_id) is not None:
            pass
        async with self._database.reading(actor.tenant_id) as reading:
            bounds = await rows.numbers_between(reading, since, until)
        first, last = bounds or (1, 0)
        return self._lines(actor.tenant_id, max(first - 1, after), last, at_most)

    async def _lines(self, tenant_id: TenantId, after: int, last: int, at_most: int | None) -> AsyncIterator[bytes]:
        yield _line({"kind": "trail", "tenant": str(tenant_id), "after": after, "to": last})
        written, place, more = 0, after, True
        while more:
            async with self._database.reading(tenant_id) as reading:
                found = await rows.seals_ending_after(reading, place, limit=1) if place < last else []
                more = bool(found) and (at_most is None or written < at_most)
                if not more:
                    break
                seal = found[0]
                before = await rows.seal_numbered(reading, seal.number - 1)
                size = seal.to_seq - seal.from_seq + 1
                entries = await rows.entries_after(reading, seal.from_seq - 1, limit=size)
            yield b"".join(_entry(entry) for entry in entries if entry.seq <= seal.to_seq) + _seal(seal, before)
            written, place = written + size, seal.to_seq
        yield _line({"kind": "end", "entries": written, "next": place if place < last else None})


def check_export(lines: Iterable[bytes]) -> ExportCheck:
    """Check an export by itself: every seal is made anew from its entries, and each names the one before it.

    It shows what was changed, removed or put in after the export was written. That its end was not cut off shows only
    the last line, and that it is of this house only a seal kept elsewhere.
    """
    return _Check().run(lines)


class _Check:
    def __init__(self) -> None:
        self._tenant = ""
        self._entries: list[AuditRecord] = []
        self._expected: int | None = None
        self._previous: str | None = None
        self._ended = False
        self.breaches: list[Breach] = []
        self.entries = self.sealed = self.seals = 0

    def run(self, lines: Iterable[bytes]) -> ExportCheck:
        number = 0
        for number, line in enumerate(lines, start=1):
            try:
                if len(line) > LONGEST_LINE:
                    raise ValueError("no line of an export is so long")
                self._take(msgspec.json.decode(line, type=dict[str, Any]))
            except (msgspec.MsgspecError, ValueError, KeyError, TypeError):
                self._found("line-unreadable", number)
        if not self._ended:
            self._found("end-missing", number)
        return ExportCheck(entries=self.entries, sealed=self.sealed, seals=self.seals, breaches=self.breaches)

    def _take(self, line: dict[str, Any]) -> None:
        kind = line.pop("kind")
        if kind == "trail":
            self._tenant = str(line["tenant"])
        elif kind == "entry":
            entry = msgspec.convert({**line, "params": seals.canonical(line["params"])}, AuditRecord)
            if self._expected is not None and entry.seq != self._expected:
                self._found("entry-missing", self._expected, max(self._expected, entry.seq - 1))
            self._expected = entry.seq + 1
            self._entries.append(entry)
            self.entries += 1
        elif kind == "seal":
            self._take_seal(line.pop("previous"), msgspec.convert(line, SealView))
        elif kind == "end":
            self._ended = int(line["entries"]) == self.entries
        else:
            raise ValueError(f"no line of an export is of the kind {kind!r}")

    def _take_seal(self, previous: str, seal: SealView) -> None:
        header = SealHeader(
            tenant=self._tenant,
            number=seal.number,
            from_seq=seal.from_seq,
            to_seq=seal.to_seq,
            algorithm=seal.algorithm,
            sealed_at=seal.sealed_at,
            previous=previous,
        )
        chained = self._previous is None or self._previous == previous
        whole = [entry.seq for entry in self._entries] == list(range(seal.from_seq, seal.to_seq + 1))
        if not chained or not whole or seals.seal_hash(header, self._entries) != seal.hash:
            self._found("seal-broken", seal.number)
        self._previous, self._entries = seal.hash, []
        self.seals, self.sealed = self.seals + 1, seal.to_seq

    def _found(self, kind: str, first: int, last: int | None = None) -> None:
        self.breaches.append(Breach(kind=kind, first=first, last=first if last is None else last))


def _line(value: dict[str, Any]) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def _entry(entry: AuditRecord) -> bytes:
    return _line({"kind": "entry", **msgspec.structs.asdict(entry), "params": msgspec.json.decode(entry.params)})


def _seal(seal: SealView, before: SealView | None) -> bytes:
    return _line({"kind": "seal", **msgspec.structs.asdict(seal), "previous": "" if before is None else before.hash})


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()

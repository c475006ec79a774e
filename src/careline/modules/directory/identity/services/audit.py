"""The audit trail: written with what it tells, sealed in batches, verified entry by entry."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import NotFound, Param
from careline.kernel.paging import Page, checked_limit
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.engine import seals
from careline.modules.directory.identity.engine.actions import kind_of, outcome_of
from careline.modules.directory.identity.engine.seals import AuditRecord, SealHeader
from careline.modules.directory.identity.repository import audit as rows
from careline.modules.directory.identity.repository import audit_pages as pages
from careline.modules.directory.identity.repository import organisation, roles, service_accounts, users
from careline.modules.directory.identity.views import (
    AuditEntryView,
    AuditFilter,
    AuditStateView,
    Breach,
    Found,
    SealedEntryView,
    SealView,
    Verification,
)

BATCH = 500


class AuditTrail:
    """Writes, reads, seals and verifies the audit of each tenant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self, tx: Transaction, actor: Actor, action: str, subject: UUID | str | None, params: Mapping[str, Param]
    ) -> None:
        """Write an entry with the caller's changes. Params hold ids and codes only, never personal values."""

        # Last of all: the number is taken under a lock that all who write to this tenant's audit wait for.
        async def write(tx: Transaction) -> None:
            seq = await rows.take_numbers(tx, 1)
            entry = AuditRecord(
                seq=seq,
                at=tx.now,
                actor=actor.ref,
                action=action,
                subject=None if subject is None else str(subject),
                params=seals.canonical(dict(params)),
            )
            await rows.add_entries(tx, [entry])
            if seq % seals.AUDIT_BATCH == 0:
                await self._seal(tx)

        tx.before_commit(write)

    async def read(
        self, actor: Actor, *, before: int | None, limit: int, wanted: AuditFilter | None = None
    ) -> tuple[Page[AuditEntryView], Found | None]:
        """Entries that pass, the latest first, after the one with a number; of the first page also how many there are.

        Reading is itself audited: the reader, what was looked for, and the place.
        """
        checked_limit(limit)
        wanted = wanted or AuditFilter()
        looked_for = {name: value for name, value in msgspec.to_builtins(wanted).items() if value is not None}
        # What is rare takes a look at much, in which nobody who writes waits.
        async with self._database.reading(actor.tenant_id) as reading:
            found = await pages.latest(reading, wanted, before=before, limit=limit + 1)
            count = None
            if before is None:
                count = await pages.found(reading, wanted) if looked_for else await self._all(reading)
        more, found = len(found) > limit, found[:limit]
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            self.record(tx, actor, "audit.read", None, {"before": before, "entries": len(found), **looked_for})
        return Page(items=[view(entry) for entry in found], next=str(found[-1].seq) if more else None), count

    async def one(self, actor: Actor, seq: int) -> SealedEntryView:
        """An entry with the seal over it, made anew; audited. Raises ``NotFound``."""
        async with self._database.reading(actor.tenant_id) as reading:
            entry = await rows.entry_numbered(reading, seq)
            if entry is None:
                raise NotFound("audit-entry-not-found")
            covering = await rows.seals_ending_after(reading, seq - 1, limit=1)
            seal = next((one for one in covering if one.from_seq <= seq), None)
            before = None if seal is None else await rows.seal_numbered(reading, seal.number - 1)
            inside = (
                [] if seal is None else await rows.entries_after(reading, seal.from_seq - 1, limit=seals.AUDIT_BATCH)
            )
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            self.record(tx, actor, "audit.read", None, {"entry": seq})
        if seal is None:
            return SealedEntryView(entry=view(entry), digest=None, seal=None, previous=None, sound=None)
        header = seal_header(str(actor.tenant_id), seal, before)
        digests = seals.entry_digests(seal.algorithm, [entry])
        covered = [one for one in inside if one.seq <= seal.to_seq]
        return SealedEntryView(
            entry=view(entry),
            digest=None if digests is None else digests[0],
            seal=seal,
            previous=header.previous,
            sound=seals.seal_hash(header, covered) == seal.hash,
        )

    async def _all(self, reading: Reading) -> Found:
        return Found(n=await rows.head(reading), more=False)

    async def export(self, reading: Reading, after: int) -> list[AuditEntryView]:
        """The next entries in order; empty at the end."""
        return [view(entry) for entry in await rows.entries_after(reading, after, limit=BATCH)]

    async def seals(self, reading: Reading, after: int) -> list[SealView]:
        """The next seals in order; empty at the end."""
        return await rows.seals_after(reading, after, limit=BATCH)

    async def names(self, tenant_id: TenantId, entries: Sequence[AuditEntryView]) -> dict[str, str]:
        """What the ids in these entries are called: people, service accounts, departments, posts and roles."""
        ids = {found for entry in entries for found in rules.ids_in(entry.actor, entry.subject, *entry.params.values())}
        return await self.names_of(tenant_id, ids)

    async def names_of(self, tenant_id: TenantId, ids: Collection[UUID]) -> dict[str, str]:
        """The same of some ids."""
        if not ids:
            return {}
        async with self._database.reading(tenant_id) as reading:
            named = {user.id: user.display_name for user in await users.users(reading, ids)}
            named |= {role.id: role.name for role in await roles.roles(reading)}
            named |= {post.id: post.name for post in await organisation.posts(reading)}
            named |= await organisation.unit_names(reading)
            named |= await service_accounts.names(reading, ids)
        return {str(one): named[one] for one in ids if one in named}

    async def state(self, tenant_id: TenantId) -> AuditStateView:
        """How far the trail goes and how much of it is sealed; nothing is checked."""
        async with self._database.reading(tenant_id) as reading:
            return AuditStateView(entries=await rows.head(reading), last_seal=await rows.last_seal(reading))

    async def seal(self, tenant_id: TenantId) -> SealView | None:
        """Close the entries that are not sealed yet, at most a batch; None when there are none."""
        async with self._database.reading(tenant_id) as reading:
            last = await rows.last_seal(reading)
            if not await rows.entries_after(reading, last.to_seq if last else 0, limit=1):
                return None
        async with self._database.transaction(tenant_id) as tx:
            # Taking no number waits for whoever writes an entry now: what is sealed is whole.
            await rows.take_numbers(tx, 0)
            return await self._seal(tx)

    async def _seal(self, tx: Transaction) -> SealView | None:
        last = await rows.last_seal(tx)
        entries = await rows.entries_after(tx, last.to_seq if last else 0, limit=seals.AUDIT_BATCH)
        if not entries:
            return None
        header = SealHeader(
            tenant=str(tx.tenant_id),
            number=last.number + 1 if last else 1,
            from_seq=entries[0].seq,
            to_seq=entries[-1].seq,
            algorithm=seals.AUDIT_DIGEST,
            sealed_at=tx.now,
            previous=last.hash if last else "",
        )
        digest = seals.seal_hash(header, entries)
        assert digest is not None, "we seal with a digest that we have"
        seal = SealView(
            number=header.number,
            from_seq=header.from_seq,
            to_seq=header.to_seq,
            algorithm=header.algorithm,
            hash=digest,
            sealed_at=header.sealed_at,
        )
        await rows.add_seal(tx, seal)
        return seal

    async def verify(self, tenant_id: TenantId, *, known: Mapping[int, str] | None = None) -> Verification:
        """Check every entry and seal of a tenant. ``known`` are seals kept elsewhere, number → hash."""
        async with self._database.reading(tenant_id) as reading:
            return await self.check(reading, known or {})

    async def check(self, reading: Reading, known: Mapping[int, str]) -> Verification:
        """The same on what a reading or a transaction sees."""
        check = _Check(reading, dict(known))
        await check.seals()
        await check.tail()
        return Verification(
            entries=await rows.count_entries(reading),
            sealed=0 if check.last is None else check.last.to_seq,
            seals=0 if check.last is None else check.last.number,
            last_seal=check.last,
            breaches=check.breaches,
        )


class _Check:
    """One walk through a tenant's trail. A seal fits when its hash can be made anew from what stands there."""

    def __init__(self, reading: Reading, known: dict[int, str]) -> None:
        self._reading = reading
        self._known = known
        self.last: SealView | None = None
        self.breaches: list[Breach] = []

    async def seals(self) -> None:
        """Every seal in order, with the entries that it covers."""
        for entry in await rows.entries_below(self._reading, 1, limit=BATCH):
            self._found("entry-unexpected", entry.seq)
        while batch := await rows.seals_after(self._reading, self.last.number if self.last else 0, limit=BATCH):
            for seal in batch:
                await self._seal(seal)
                self.last = seal
        reached = self.last.number if self.last else 0
        for number in sorted(self._known):
            if number > reached:
                self._found("seal-missing", number)

    async def _seal(self, seal: SealView) -> None:
        number, last_seq = (self.last.number, self.last.to_seq) if self.last else (0, 0)
        if seal.number > number + 1:
            self._found("seal-missing", number + 1, seal.number - 1)
        fits = self._known.get(seal.number, seal.hash) == seal.hash
        size = seal.to_seq - seal.from_seq + 1
        if seal.from_seq != last_seq + 1 or not 1 <= size <= seals.AUDIT_BATCH:
            fits = False
        else:
            entries = await rows.entries_after(self._reading, last_seq, limit=size)
            inside = [entry for entry in entries if entry.seq <= seal.to_seq]
            for first, last in rules.gaps((entry.seq for entry in inside), seal.from_seq, seal.to_seq):
                self._found("entry-missing", first, last)
            fits = (
                fits
                and seals.seal_hash(seal_header(str(self._reading.tenant_id), seal, self.last), inside) == seal.hash
            )
        if not fits:
            self._found("seal-broken", seal.number)

    async def tail(self) -> None:
        """Entries after the last seal have no hash yet, but their numbers must have no gap and end at the head."""
        reached = self.last.to_seq if self.last else 0
        head = await rows.head(self._reading)
        while batch := await rows.entries_after(self._reading, reached, limit=BATCH):
            for first, last in rules.gaps((entry.seq for entry in batch), reached + 1, min(batch[-1].seq, head)):
                self._found("entry-missing", first, last)
            for entry in batch:
                if entry.seq > head:
                    self._found("entry-unexpected", entry.seq)
            reached = batch[-1].seq
        if reached < head:
            self._found("entry-missing", reached + 1, head)

    def _found(self, kind: str, first: int, last: int | None = None) -> None:
        self.breaches.append(Breach(kind=kind, first=first, last=first if last is None else last))


def view(entry: AuditRecord) -> AuditEntryView:
    """An entry to be read."""
    return AuditEntryView(
        seq=entry.seq,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        kind=kind_of(entry.action),
        subject=entry.subject,
        outcome=outcome_of(entry.action),
        params=msgspec.json.decode(entry.params),
    )


def seal_header(tenant: str, seal: SealView, before: SealView | None) -> SealHeader:
    """What a seal says about itself, with the hash of the one before it."""
    return SealHeader(
        tenant=tenant,
        number=seal.number,
        from_seq=seal.from_seq,
        to_seq=seal.to_seq,
        algorithm=seal.algorithm,
        sealed_at=seal.sealed_at,
        previous="" if before is None else before.hash,
    )

"""What cases keep of a person, for that person: implements a port of ``privacy``."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.sealing import Sealing
from careline.kernel.tenancy import TenantId
from careline.modules.care.cases import repository
from careline.modules.care.cases.rules import ERASED_TITLE, is_sealed
from careline.modules.care.cases.states import CaseState
from careline.modules.care.cases.views import CaseType
from careline.modules.directory.privacy.views import (
    Category,
    Erased,
    ExportPart,
    ExportRecord,
    Hindrance,
    Kept,
    Person,
    Retention,
    Treatment,
    Why,
)

_CASE = ("number", "type", "state", "created_at", "changed_at")
_WORDS = ("title", "text")
PURPOSE = "cases that are kept after an erasure"


class Custody:
    """A custodian. A complaint is kept, sealed in its place, as long as the authority may ask for it."""

    code = "cases"
    categories: Sequence[Category] = (
        Category(
            code="cases",
            treatment=Treatment.KEPT_FOR_A_WHILE,
            columns=("care_case.title", "care_case.text", "care_case_history.text"),
        ),
    )

    def __init__(self, database: Database, sealing: Sealing) -> None:
        self._database = database
        self._sealing = sealing

    async def trace(self, reading: Reading, person: Person) -> Person:
        """With their cases."""
        found = await repository.ids_of_person(reading, person.customer_ids, person.contact_ids)
        return person.and_also(Person(customer_ids=(), case_ids=tuple(found)))

    async def hindrances(self, reading: Reading, person: Person) -> list[Hindrance]:
        """A case that is not closed: somebody still works for the customer."""
        found = await repository.some(reading, person.case_ids)
        unfinished = sum(row.state != CaseState.CLOSED.value for row in found)
        return [Hindrance(code="open-case", count=unfinished)] if unfinished else []

    async def export(self, tenant_id: TenantId, person: Person) -> AsyncIterator[ExportPart]:
        """Cases with their history; of those that came out of doubtful contacts no more than that they were.

        What a stranger left under the customer's number is a case of the customer, too.
        """
        proven, unproven = frozenset(person.proven), frozenset(person.unproven)
        async with self._database.reading(tenant_id) as reading:
            found = await repository.some(reading, person.case_ids)
            history = {row.id: await repository.history(reading, row.id) for row in found}
        for row in found:
            if row.title == ERASED_TITLE or (row.customer_id is None and row.interaction_id not in proven):
                continue
            doubtful = row.interaction_id in unproven
            fields = (*_CASE, *(() if doubtful else _WORDS))
            told = msgspec.to_builtins({field: row._mapping[field] for field in fields}) | {"left_out": doubtful}
            if doubtful:
                yield ExportRecord(category="cases", values=told)
                continue
            done = [{"at": one.at, "kind": one.kind, "text": one.text} for one in history[row.id]]
            yield ExportRecord(category="cases", values=told | {"history": msgspec.to_builtins(done)})

    async def erase(self, tx: Transaction, person: Person, retention: Retention) -> Erased:
        """Empty them; a complaint is sealed first, and emptied when its time is over."""
        emptied = 0
        until: list[datetime] = []
        for row in await repository.some(tx, person.case_ids):
            ends = row.changed_at + retention.complaint
            if row.type == CaseType.COMPLAINT.value and ends > tx.now:
                until.append(ends)
                await self._rewrite(tx, row, sealed=True)
            else:
                emptied += await self._rewrite(tx, row, sealed=False)
        kept: tuple[Kept, ...] = ()
        if until:
            kept = (Kept(category="cases", count=len(until), why=Why.COMPLAINT_CLOCK, until=min(until)),)
        return Erased(counts={"cases": emptied}, kept=kept)

    async def discard(self, tenant_id: TenantId, leftovers: Sequence[str]) -> None:
        """Nothing of cases lies outside the database."""

    async def _rewrite(self, tx: Transaction, row: Any, *, sealed: bool) -> bool:
        """Seal or empty what is not yet, also what came into the history of a case since; whether there was any."""
        fresh = row.title != ERASED_TITLE or (not sealed and row.text != "")
        if fresh:
            said = f"{row.title}\n\n{row.text}"
            text = self._sealing.seal(said.encode(), purpose=PURPOSE, bound_to=str(row.id)) if sealed else ""
            await repository.rewrite(tx, row.id, ERASED_TITLE, text)
        for entry in await repository.history(tx, row.id):
            if entry.text is None or (sealed and is_sealed(entry.text)):
                continue
            fresh = True
            kept = self._sealing.seal(entry.text.encode(), purpose=PURPOSE, bound_to=str(entry.id)) if sealed else None
            await repository.rewrite_history(tx, entry.id, kept)
        return fresh

"""The door of customers."""

from collections.abc import Collection, Mapping
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.jobs.jobs import Jobs
from careline.infra.sealing import Sealing
from careline.kernel.errors import NotFound
from careline.kernel.paging import Page
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.customers.ports import Keeper, TextSender
from careline.modules.directory.customers.rules import normal_number
from careline.modules.directory.customers.services.assurance import Assuring
from careline.modules.directory.customers.services.customers import CustomerService, Which
from careline.modules.directory.customers.services.dismissing import Dismissing
from careline.modules.directory.customers.services.index import TermIndex
from careline.modules.directory.customers.services.keyed_passwords import KeyedPasswords
from careline.modules.directory.customers.services.merging import Merging
from careline.modules.directory.customers.services.notes import Notes
from careline.modules.directory.customers.services.pairs import Duplicates, Pairs
from careline.modules.directory.customers.services.record import Record
from careline.modules.directory.customers.services.search import Search
from careline.modules.directory.customers.services.service_passwords import ServicePasswords
from careline.modules.directory.customers.services.traces import Traces
from careline.modules.directory.customers.views import (
    CodeSent,
    ConsentPurpose,
    ConsentView,
    CustomerChange,
    CustomerView,
    DuplicatePair,
    FoundCustomers,
    Likeness,
    LineView,
    MergePreview,
    MergeWanted,
    NewConsent,
    NewContactPoint,
    NewCustomer,
    NoteView,
    Question,
    RecordView,
    TagView,
    Tried,
    WaysView,
    Written,
    mask_name,
    mask_number,
)
from careline.modules.directory.identity.facade import Identity


class Customers:
    """Who the operator's customers are. Names, numbers and addresses it hands out are masked, but for ``reveal``."""

    def __init__(
        self, database: Database, identity: Identity, jobs: Jobs, sealing: Sealing, sender: TextSender | None = None
    ) -> None:
        self._index = TermIndex(database, identity)
        self._service = CustomerService(database, identity, self._index)
        self._search = Search(database)
        self._traces = Traces(database, identity)
        self._record = Record(database, identity, self._index)
        self._notes = Notes(database, identity)
        self._assuring = Assuring(database, identity, sender)
        self.service_passwords = ServicePasswords(database, identity, identity.passwords, sealing)
        self.keyed_passwords = KeyedPasswords(database, identity, self.service_passwords)
        self._keepers: list[Keeper] = []
        self.dismissing = Dismissing(database, identity, sealing)
        self._pairs = Pairs(database, self.dismissing)
        self._merging = Merging(database, identity, jobs, self._index, self._keepers)

    def add_keeper(self, keeper: Keeper) -> None:
        """Name who else keeps something under a customer's id, while the process is put together."""
        self._keepers.append(keeper)

    # One customer and their lines

    async def by_msisdn(self, tenant_id: TenantId, msisdn: str) -> CustomerView | None:
        """The customer whose line this number is now, however it was written; None when it is nobody's."""
        line = await self._service.line(tenant_id, msisdn)
        return None if line is None else await self.customer(tenant_id, line.customer_id)

    async def line(self, tenant_id: TenantId, msisdn: str) -> LineView | None:
        """The line that this number is now, for who needs no more than ids, brand and status."""
        return await self._service.line(tenant_id, msisdn)

    async def line_within(self, reading: Reading, msisdn: str) -> LineView | None:
        """As ``line``, within the caller's transaction, which nothing else may be awaited in."""
        return await self._service.line_within(reading, msisdn)

    async def customer(self, tenant_id: TenantId, customer_id: UUID) -> CustomerView:
        """One customer. Raises ``NotFound`` ("customer-not-found")."""
        found = (await self._service.views(tenant_id, [customer_id])).get(customer_id)
        if found is None:
            raise NotFound("customer-not-found")
        return found

    async def views(self, tenant_id: TenantId, ids: Collection[UUID]) -> dict[UUID, CustomerView]:
        """Those of the customers that the tenant has, by id."""
        return await self._service.views(tenant_id, ids)

    async def present(self, reading: Reading, customer_id: UUID) -> UUID:
        """Who a customer is now, within the caller's transaction: another after a merge. Raises ``NotFound``."""
        return await self._service.present(reading, customer_id)

    async def register(self, actor: Actor, new: NewCustomer) -> CustomerView:
        """Store a customer with accounts and lines."""
        return await self._service.register(actor, new)

    async def reveal(
        self,
        actor: Actor,
        customer_id: UUID,
        what: str,
        subscription_id: UUID | None = None,
        *,
        contact_point_id: UUID | None = None,
        party_id: UUID | None = None,
    ) -> str:
        """The full value of a masked field, to who may see it; audited."""
        which = Which(subscription_id=subscription_id, contact_point_id=contact_point_id, party_id=party_id)
        return await self._service.reveal(actor, customer_id, what, which)

    # Finding

    async def find(self, tenant_id: TenantId, query: str, *, limit: int) -> FoundCustomers:
        """Customers by part of a number, a name, or how it sounds; masked. Raises ``Invalid`` ("search-…")."""
        return await self._search.find(tenant_id, query, limit=limit)

    async def look_up(self, actor: Actor, query: str, *, limit: int) -> FoundCustomers:
        """As ``find``, for somebody who is shown it: that one customer alone was found stands in the audit."""
        found = await self._search.find(actor.tenant_id, query, limit=limit)
        await self._traces.leave(actor, found)
        return found

    async def latest(self, tenant_id: TenantId, *, after: str | None, limit: int) -> FoundCustomers:
        """All customers, those stored last first."""
        return await self._search.latest(tenant_id, after=after, limit=limit)

    async def catch_up(self) -> int:
        """Let customers be found whom an older version stored; how many there were."""
        return await self._index.catch_up()

    # Two who are one

    async def duplicates(self, tenant_id: TenantId, customer_id: UUID) -> Duplicates:
        """Customers who may be the same as this one, the likeliest first, and what speaks for it."""
        return await self._pairs.of(tenant_id, customer_id)

    async def duplicate_pairs(
        self, tenant_id: TenantId, *, likeness: Likeness | None = None, after: str | None = None, limit: int = 50
    ) -> Page[DuplicatePair]:
        """Pairs of customers who share a way to reach them, those whose later customer came last first."""
        return await self._pairs.page(tenant_id, likeness=likeness, after=after, limit=limit)

    async def merge_preview(self, actor: Actor, survivor_id: UUID, absorbed_id: UUID) -> MergePreview:
        """Both customers beside each other, and what a merge would make of them; audited."""
        return await self._merging.preview(actor, survivor_id, absorbed_id)

    async def merge(self, actor: Actor, survivor_id: UUID, wanted: MergeWanted) -> RecordView:
        """Let one customer be the other, in every module; the old id leads there. It cannot be undone."""
        await self._merging.merge(actor, survivor_id, wanted)
        return await self._record.read(actor.tenant_id, survivor_id)

    async def settle_merge(self, tenant_id: TenantId, absorbed_id: UUID) -> None:
        """Move what came in under the old id while the merge was happening."""
        await self._merging.settle(tenant_id, absorbed_id)

    # The record

    async def open_record(self, actor: Actor, customer_id: UUID) -> RecordView:
        """All that is kept of a customer here; that it was opened is audited."""
        return await self._record.open(actor, customer_id)

    async def notes(self, actor: Actor, customer_id: UUID, *, after: str | None, limit: int) -> Page[NoteView]:
        """What was written about a customer, the latest first; audited."""
        return await self._record.notes(actor, customer_id, after=after, limit=limit)

    async def consents(self, actor: Actor, customer_id: UUID, *, after: str | None, limit: int) -> Page[ConsentView]:
        """Every word of a customer on the use of their data, the latest first; audited."""
        return await self._record.consents(actor, customer_id, after=after, limit=limit)

    async def change(self, actor: Actor, customer_id: UUID, version: int, change: CustomerChange) -> RecordView:
        """Change name, level, language or tags. Raises "customer-changed", ``Invalid`` naming the field."""
        await self._record.change(actor, customer_id, version, change)
        return await self._record.read(actor.tenant_id, customer_id)

    async def add_contact_point(
        self, actor: Actor, customer_id: UUID, version: int, new: NewContactPoint
    ) -> RecordView:
        """Add a way to reach the customer. Raises "customer-changed", ``Invalid`` naming the field."""
        await self._record.add_contact_point(actor, customer_id, version, new)
        return await self._record.read(actor.tenant_id, customer_id)

    async def remove_contact_point(self, actor: Actor, customer_id: UUID, version: int, point_id: UUID) -> RecordView:
        """Remove a way to reach the customer. Raises "customer-changed", "contact-point-not-found"."""
        await self._record.remove_contact_point(actor, customer_id, version, point_id)
        return await self._record.read(actor.tenant_id, customer_id)

    async def add_line_user(
        self, actor: Actor, customer_id: UUID, version: int, subscription_id: UUID, name: str
    ) -> RecordView:
        """Say who uses a line. Raises "customer-changed", "subscription-not-found"."""
        await self._record.add_line_user(actor, customer_id, version, subscription_id, name)
        return await self._record.read(actor.tenant_id, customer_id)

    async def remove_line_user(
        self, actor: Actor, customer_id: UUID, version: int, subscription_id: UUID, party_id: UUID
    ) -> RecordView:
        """Somebody uses a line no more. Raises "customer-changed", "line-user-not-found"."""
        await self._record.remove_line_user(actor, customer_id, version, subscription_id, party_id)
        return await self._record.read(actor.tenant_id, customer_id)

    # What is written down

    async def write_note(self, actor: Actor, customer_id: UUID, text: str, client_id: UUID | None = None) -> Written:
        """Write a note, once under each ``client_id``. Raises "client-id-taken"."""
        again = await self._notes.write(actor, customer_id, text, client_id)
        return Written(record=await self._record.read(actor.tenant_id, customer_id), again=again)

    async def rewrite_note(self, actor: Actor, customer_id: UUID, note_id: UUID, version: int, text: str) -> RecordView:
        """Change one's own note, for a while. Raises "note-not-yours", "note-closed", "note-changed"."""
        await self._notes.rewrite(actor, customer_id, note_id, version, text)
        return await self._record.read(actor.tenant_id, customer_id)

    async def record_consent(self, actor: Actor, customer_id: UUID, new: NewConsent) -> Written:
        """Write down what the customer agreed to or withdrew, once under each ``client_id``.

        Raises "consent-basis-not-enough", "client-id-taken".
        """
        again = await self._notes.say(actor, customer_id, new)
        return Written(record=await self._record.read(actor.tenant_id, customer_id), again=again)

    async def agreed(self, tenant_id: TenantId, customer_id: UUID, purpose: ConsentPurpose) -> bool:
        """Whether the customer's last word on a purpose was yes; nothing said is no."""
        return await self._notes.agreed(tenant_id, customer_id, purpose)

    async def tags(self, tenant_id: TenantId) -> list[TagView]:
        """The tenant's vocabulary of tags, by name."""
        return await self._notes.tags(tenant_id)

    async def add_tag(self, actor: Actor, name: str) -> TagView:
        """Add a word to the vocabulary. Raises "tag-taken"."""
        return await self._notes.add_tag(actor, name)

    async def retire_tag(self, actor: Actor, tag_id: UUID, *, retired: bool) -> TagView:
        """Take a word out of use, or back into it. Raises "tag-not-found"."""
        return await self._notes.retire_tag(actor, tag_id, retired=retired)

    # Being sure who speaks: for who has the contact, which is to be raised to the level of what was passed

    async def ways(self, tenant_id: TenantId, customer_id: UUID, interaction_id: UUID, number: str | None) -> WaysView:
        """What can be tried in a contact to be sure who speaks, and what was. ``number`` is the one that speaks."""
        return await self._assuring.ways(tenant_id, customer_id, interaction_id, _normal(number))

    async def send_code(self, actor: Actor, customer_id: UUID, interaction_id: UUID, subscription_id: UUID) -> CodeSent:
        """Send a code to a line of the customer. Raises "codes-not-sendable", "code-not-sent", "too-many-codes"."""
        return await self._assuring.send_code(actor, customer_id, interaction_id, subscription_id)

    async def try_code(
        self, tx: Transaction, actor: Actor, customer_id: UUID, interaction_id: UUID, code: str
    ) -> Tried:
        """Compare a code that was read out, and write down what came of it. Raises "no-code-open"."""
        return await self._assuring.try_code(tx, actor, customer_id, interaction_id, code)

    async def try_answers(
        self,
        tx: Transaction,
        actor: Actor,
        customer_id: UUID,
        interaction_id: UUID,
        number: str | None,
        answers: Mapping[Question, str],
    ) -> Tried:
        """Compare answers with the record, and write down what came of it. Raises "no-questions-left"."""
        return await self._assuring.try_answers(tx, actor, customer_id, interaction_id, _normal(number), answers)

    async def forget_codes(self) -> None:
        """Remove codes, and waits after wrong passwords, that count for nothing any more."""
        await self._assuring.forget_codes()
        await self.service_passwords.forget_stale()

    # Pure

    @staticmethod
    def normal_number(text: str) -> str | None:
        """A number in the one form it is stored in; None when the text is no number."""
        return normal_number(text)

    @staticmethod
    def mask_number(text: str) -> str:
        """``138****6021``."""
        return mask_number(text)

    @staticmethod
    def mask_name(name: str) -> str:
        """``王*敏``."""
        return mask_name(name)


def _normal(number: str | None) -> str | None:
    return None if number is None else normal_number(number)

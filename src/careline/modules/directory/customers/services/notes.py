"""What is written down about a customer: notes, words of consent, and the vocabulary of tags."""

from typing import Any
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.kernel.text import checked_text
from careline.modules.directory.customers import rules
from careline.modules.directory.customers.errors import ClientIdTaken, CustomerUnknown
from careline.modules.directory.customers.repository import merging, notes
from careline.modules.directory.customers.views import ConsentPurpose, EarlierText, NewConsent, TagView
from careline.modules.directory.identity.facade import Identity


class Notes:
    """Use cases on notes, consents and tags, each with its audit entry, which holds ids and codes."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._identity = identity

    async def write(self, actor: Actor, customer_id: UUID, text: str, client_id: UUID | None) -> bool:
        """Write a note; whether it stood there before under its ``client_id``.

        Raises ``Invalid`` naming the field, ``NotFound``, "client-id-taken".
        """
        said = _text(text)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if actor.id is None:
                raise CustomerUnknown
            customer_id = await merging.present(tx, customer_id)
            note_id = new_id()
            if not await notes.add_note(tx, customer_id, note_id, actor.id, said, client_id):
                assert client_id is not None, "without a name of its writer's a note conflicts with none"
                await _check_same_note(tx, customer_id, client_id, actor.id, said)
                return True
            await self._identity.audit(tx, actor, "customer.note-written", customer_id, {"note": str(note_id)})
        return False

    async def rewrite(self, actor: Actor, customer_id: UUID, note_id: UUID, version: int, text: str) -> None:
        """Let one's own note say something else, for a while; what it said stays with it.

        Raises "note-not-found", "note-not-yours", "note-closed", "note-changed".
        """
        said = _text(text)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            customer_id = await merging.present(tx, customer_id)
            row = await notes.note(tx, customer_id, note_id)
            if row is None:
                raise NotFound("note-not-found")
            if row.author_id != actor.id:
                raise Forbidden("note-not-yours")
            if tx.now > row.created_at + rules.NOTE_OPEN_FOR:
                raise Conflict("note-closed", minutes=int(rules.NOTE_OPEN_FOR.total_seconds() // 60))
            if row.version != version:
                raise Conflict("note-changed", field="version", version=row.version)
            if row.text == said:
                return
            earlier = [*notes.earlier_of(row), EarlierText(text=row.text, until=tx.now)]
            if not await notes.change_note(tx, note_id, version, said, earlier):
                raise Conflict("note-changed", field="version", version=version + 1)
            await self._identity.audit(tx, actor, "customer.note-changed", customer_id, {"note": str(note_id)})

    async def say(self, actor: Actor, customer_id: UUID, new: NewConsent) -> bool:
        """Write down what the customer agreed to, or no longer agrees to.

        Returns whether it had been written down before under its ``client_id``. Raises ``Invalid``:
        "consent-basis-not-enough", "text-empty" for an agreement without its proof; and "client-id-taken".
        """
        proof = new.proof
        if new.given:
            rules.check_basis(new.purpose, new.basis)
            proof = _text(proof, field="proof")
        elif proof.strip():
            proof = _text(proof, field="proof")
        version = new.proof_version
        if version is not None:
            version = checked_text(version, field="proof_version", max_length=rules.VERSION_MAX)
        checked = msgspec.structs.replace(new, proof=proof.strip(), proof_version=version)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            customer_id = await merging.present(tx, customer_id)
            consent_id = new_id()
            if not await notes.add_consent(tx, customer_id, consent_id, checked, actor.id):
                await _check_same_consent(tx, customer_id, checked, actor.id)
                return True
            action = "customer.consent-given" if new.given else "customer.consent-withdrawn"
            told = {"consent": str(consent_id), "purpose": new.purpose.value, "basis": new.basis.value}
            await self._identity.audit(tx, actor, action, customer_id, told)
        return False

    async def agreed(self, tenant_id: TenantId, customer_id: UUID, purpose: ConsentPurpose) -> bool:
        """Whether the customer's last word on a purpose was yes; nothing said is no."""
        async with self._database.glance(tenant_id) as reading:
            return bool(await notes.consent(reading, await merging.present(reading, customer_id), purpose))

    async def tags(self, tenant_id: TenantId) -> list[TagView]:
        """The tenant's vocabulary, by name, with what is retired."""
        async with self._database.reading(tenant_id) as reading:
            return await notes.tags(reading)

    async def add_tag(self, actor: Actor, name: str) -> TagView:
        """Add a word to the vocabulary. Raises ``Conflict`` ("tag-taken")."""
        called = checked_text(name, field="name", max_length=rules.TAG_MAX)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if any(tag.name == called for tag in await notes.tags(tx)):
                raise Conflict("tag-taken", field="name")
            tag_id = new_id()
            await notes.add_tag(tx, tag_id, called)
            await self._identity.audit(tx, actor, "customer.tag-added", tag_id)
        return TagView(id=tag_id, name=called, retired=False)

    async def retire_tag(self, actor: Actor, tag_id: UUID, *, retired: bool) -> TagView:
        """Take a word out of use, or back into it; customers keep what they were given. Raises "tag-not-found"."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            found = await notes.retire_tag(tx, tag_id, retired=retired)
            if found is None:
                raise NotFound("tag-not-found")
            await self._identity.audit(
                tx, actor, "customer.tag-retired" if retired else "customer.tag-restored", tag_id
            )
        return found


async def _check_same_note(tx: Transaction, customer_id: UUID, client_id: UUID, author_id: UUID, said: str) -> None:
    """Raise ``ClientIdTaken`` unless this very note was written under the client id, whatever it says by now."""
    known = await notes.note_by_client_id(tx, client_id)
    if known is None or known.author_id != author_id or not await _is_of(tx, known, customer_id):
        raise ClientIdTaken(client_id)
    first = [*notes.earlier_of(known), EarlierText(text=known.text, until=tx.now)][0]
    if first.text != said:
        raise ClientIdTaken(client_id)


async def _check_same_consent(tx: Transaction, customer_id: UUID, new: NewConsent, recorded_by: UUID | None) -> None:
    """Raise ``ClientIdTaken`` unless this very word was written down under its client id."""
    assert new.client_id is not None, "without a name of its writer's a word conflicts with none"
    known = await notes.consent_by_client_id(tx, new.client_id)
    said = msgspec.structs.asdict(new)
    if known is None or known.recorded_by != recorded_by or {name: getattr(known, name) for name in said} != said:
        raise ClientIdTaken(new.client_id)
    if not await _is_of(tx, known, customer_id):
        raise ClientIdTaken(new.client_id)


async def _is_of(tx: Transaction, known: Any, customer_id: UUID) -> bool:
    """Whether something is of a customer, also after one was merged into the other while this was asked."""
    return await merging.present(tx, known.customer_id) == await merging.present(tx, customer_id)


def _text(text: str, *, field: str = "text") -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if not plain.strip():
        raise Invalid("text-empty", field=field)
    return checked_text(plain, field=field, max_length=rules.TEXT_MAX, lines=True)

"""The service password of a line, keyed by who calls from it: a machine asks for it, and there is no form.

Counted, compared and written down as ``service_passwords`` does it; see there for why in this order.
"""

from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import Conflict, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.customers.engine import service_passwords as rules
from careline.modules.directory.customers.engine.proofs import LEVEL, Proof
from careline.modules.directory.customers.repository import merging, proofs
from careline.modules.directory.customers.repository import service_passwords as rows
from careline.modules.directory.customers.services.service_passwords import ServicePasswords, count, forgive
from careline.modules.directory.customers.views import ProofView, Tried
from careline.modules.directory.identity.facade import Identity


class KeyedPasswords:
    """Use cases of passwords that are keyed. ``interaction_id`` names the call."""

    def __init__(self, database: Database, identity: Identity, passwords: ServicePasswords) -> None:
        self._database = database
        self._identity = identity
        self._passwords = passwords

    async def line(self, tenant_id: TenantId, customer_id: UUID, interaction_id: UUID, number: str) -> UUID | None:
        """The customer's line of this number, when it has a password and may be asked for it still in this call."""
        async with self._database.reading(tenant_id) as reading:
            customer_id = await merging.present(reading, customer_id)
            lines = await rows.numbers(reading, customer_id)
            line = next((one for one, msisdn in lines.items() if msisdn == number), None)
            if line is None or not await rows.kept(reading, [line]) or await _tries(reading, interaction_id) <= 0:
                return None
            return line

    async def compare(self, actor: Actor, interaction_id: UUID, line: UUID, text: str) -> bool:
        """What was keyed, counted and compared. Raises ``Invalid``, "password-form-over", "too-many-password-tries"."""
        password = rules.typed(text)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if await _tries(tx, interaction_id) <= 0:
                raise Conflict("password-form-over")
            await count(tx, rules.keyed_limits(line))
            sealed = await rows.sealed_hash(tx, line)
        return await self._passwords.fits(line, sealed, password)

    async def settle(
        self, tx: Transaction, actor: Actor, customer_id: UUID, interaction_id: UUID, line: UUID, *, fits: bool
    ) -> Tried:
        """Write down what came of a try, in the transaction that raises the contact."""
        customer_id = await merging.present(tx, customer_id)
        if await rows.owner(tx, line) != customer_id:
            raise NotFound("subscription-not-found")
        if fits:
            await forgive(tx, rules.keyed_limits(line))
        proof = ProofView(
            id=new_id(),
            proof=Proof.SERVICE_PASSWORD,
            passed=fits,
            level=LEVEL[Proof.SERVICE_PASSWORD] if fits else None,
            asked_by=None,
            at=tx.now,
        )
        detail = {"subscription": str(line)}
        await proofs.add_proof(tx, customer_id, interaction_id, proof, detail)
        told = {"interaction": str(interaction_id), "proof": proof.proof.value, "passed": fits, **detail}
        await self._identity.audit(tx, actor, "assurance.tried" if fits else "assurance.failed", customer_id, told)
        return Tried(proof=proof, tries_left=await _tries(tx, interaction_id))


async def _tries(reading: Reading, interaction_id: UUID) -> int:
    """How often a machine may still ask in this contact: as often as one form may be filled in."""
    wrong = [
        one
        for one in await proofs.proofs(reading, interaction_id)
        if one.proof is Proof.SERVICE_PASSWORD and not one.passed and one.asked_by is None
    ]
    return rules.FORM_TRIES - len(wrong)

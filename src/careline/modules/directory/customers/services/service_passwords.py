"""The service password of a line: asked for by an agent, typed by the customer, seen by nobody.

A try is counted before it is compared, and compared outside of every transaction, since that takes a tenth of a
second. The contact is another module's: it settles what came of it in its own transaction. Whoever fills in the form
is told by ``actor``: a visitor today, a caller's keys once there is an entry for them.
"""

from datetime import datetime
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.sealing import SealBroken, Sealing
from careline.kernel.errors import Conflict, NotFound, TooMany, Unavailable
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, ActorKind, TenantId
from careline.modules.directory.customers.engine import service_passwords as rules
from careline.modules.directory.customers.engine.proofs import LEVEL, Proof
from careline.modules.directory.customers.engine.service_passwords import (
    Compared,
    FormOutcome,
    FormPurpose,
    Limit,
    PasswordForm,
    PasswordKept,
    PasswordWays,
)
from careline.modules.directory.customers.ports import Hasher
from careline.modules.directory.customers.repository import merging, proofs
from careline.modules.directory.customers.repository import service_passwords as rows
from careline.modules.directory.customers.repository.service_passwords import Wait
from careline.modules.directory.customers.rules import mask_number
from careline.modules.directory.customers.views import ProofView, Tried
from careline.modules.directory.identity.facade import Identity

PURPOSE = "service-password"
MANAGE = "customer:password"


class ServicePasswords:
    """Use cases of service passwords. ``interaction_id`` names the contact in which one is asked for."""

    def __init__(self, database: Database, identity: Identity, hasher: Hasher, sealing: Sealing) -> None:
        self._database = database
        self._identity = identity
        self._hasher = hasher
        self._sealing = sealing

    async def ways(self, actor: Actor, customer_id: UUID, interaction_id: UUID) -> PasswordWays:
        """Which of the customer's lines may be asked for, and the form that is open."""
        async with self._database.reading(actor.tenant_id) as reading:
            customer_id = await merging.present(reading, customer_id)
            lines = await rows.numbers(reading, customer_id)
            kept = await rows.kept(reading, lines.keys())
            form = await rows.latest_form(reading, interaction_id)
            proven = await _proven_for(reading, interaction_id) if MANAGE in actor.permissions else set()
            now = reading.now
        return PasswordWays(
            kept=[line for line in lines if line in kept],
            choosable=[line for line in lines if line in proven],
            form=form if form is not None and form.is_open(now) else None,
        )

    async def kept(self, tenant_id: TenantId, customer_id: UUID) -> list[PasswordKept]:
        """Which of a customer's lines have a password, and since when."""
        async with self._database.reading(tenant_id) as reading:
            customer_id = await merging.present(reading, customer_id)
            lines = await rows.numbers(reading, customer_id)
            return list((await rows.kept(reading, lines.keys())).values())

    async def ask(
        self,
        tx: Transaction,
        actor: Actor,
        customer_id: UUID,
        interaction_id: UUID,
        subscription_id: UUID,
        purpose: FormPurpose,
    ) -> PasswordForm:
        """Make the form that the customer is to be shown; one that was open in the contact is taken back.

        Raises "subscription-not-found", "service-password-not-set", and "service-password-needs-checks": a new one is
        chosen only after a code to that line and right answers in the same contact.
        """
        customer_id = await merging.present(tx, customer_id)
        number = (await rows.numbers(tx, customer_id)).get(subscription_id)
        if number is None:
            raise NotFound("subscription-not-found")
        if purpose is FormPurpose.ENTER and not await rows.kept(tx, [subscription_id]):
            raise Conflict("service-password-not-set", field="subscription_id")
        if purpose is FormPurpose.CHOOSE and subscription_id not in await _proven_for(tx, interaction_id):
            raise Conflict("service-password-needs-checks", field="subscription_id")
        assert actor.id is not None, "an agent asks"
        form = PasswordForm(
            id=new_id(),
            interaction_id=interaction_id,
            subscription_id=subscription_id,
            purpose=purpose,
            asked_by=actor.id,
            asked_at=tx.now,
            expires_at=tx.now + rules.FORM_LIFETIME,
            msisdn_masked=mask_number(number),
        )
        await rows.end_forms(tx, interaction_id)
        await rows.add_form(tx, form)
        await self._tell(tx, actor, f"service-password.asked-to-{purpose.value}", form, customer_id)
        return form

    async def withdraw(self, tx: Transaction, actor: Actor, interaction_id: UUID, form_id: UUID) -> PasswordForm:
        """Take a form back. Raises "password-form-not-found", "password-form-over"."""
        form = await self._open(tx, interaction_id, form_id)
        await rows.change_form(tx, form.id, tries=form.tries, outcome=FormOutcome.WITHDRAWN)
        await self._tell(tx, actor, "service-password.withdrawn", form, await rows.owner(tx, form.subscription_id))
        return form

    async def compare(self, actor: Actor, interaction_id: UUID, form_id: UUID, text: str) -> Compared:
        """What was typed, counted and compared. Raises ``Invalid``, "password-form-over", "too-many-password-tries"."""
        password = rules.typed(text)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            form = await self._open(tx, interaction_id, form_id, FormPurpose.ENTER)
            await count(tx, _limits(form, actor))
            await rows.change_form(tx, form.id, tries=form.tries + 1, outcome=None)
            sealed = await rows.sealed_hash(tx, form.subscription_id)
        return Compared(form=form, fits=await self.fits(form.subscription_id, sealed, password))

    async def fits(self, subscription_id: UUID, sealed: str | None, password: str) -> bool:
        """Whether that is the password of a line. It takes a tenth of a second: outside of every transaction."""
        return await self._hasher.check(self._opened(subscription_id, sealed), password)

    async def settle(
        self, tx: Transaction, actor: Actor, customer_id: UUID, compared: Compared
    ) -> tuple[Tried, FormOutcome | None]:
        """Write down what came of a try, in the transaction that raises the contact; and how it ended the form.

        What was counted is settled also when another try, made at the same moment, was the last one.
        """
        customer_id = await merging.present(tx, customer_id)
        form = await rows.form_held(tx, compared.form.id)
        if form is None or form.outcome is FormOutcome.WITHDRAWN:
            raise Conflict("password-form-over")
        if await rows.owner(tx, form.subscription_id) != customer_id:
            raise NotFound("subscription-not-found")
        left = form.tries_left
        ended = None
        if compared.fits:
            await forgive(tx, _limits(form, actor))
            ended = FormOutcome.PASSED if form.outcome is not FormOutcome.PASSED else None
        elif left == 0 and form.outcome is None:
            ended = FormOutcome.FAILED
        if ended is not None:
            await rows.change_form(tx, form.id, tries=form.tries, outcome=ended)
        proof = ProofView(
            id=new_id(),
            proof=Proof.SERVICE_PASSWORD,
            passed=compared.fits,
            level=LEVEL[Proof.SERVICE_PASSWORD] if compared.fits else None,
            asked_by=form.asked_by,
            at=tx.now,
        )
        detail = {"subscription": str(form.subscription_id)}
        await proofs.add_proof(tx, customer_id, form.interaction_id, proof, detail)
        told = {"interaction": str(form.interaction_id), "proof": proof.proof.value, "passed": proof.passed, **detail}
        action = "assurance.tried" if compared.fits else "assurance.failed"
        await self._identity.audit(tx, actor, action, customer_id, told)
        return Tried(proof=proof, tries_left=0 if compared.fits else left), ended

    async def prepare(self, actor: Actor, interaction_id: UUID, form_id: UUID, text: str) -> str:
        """What is kept of a password that the customer chooses. Raises ``Invalid`` naming what is wrong with it."""
        async with self._database.reading(actor.tenant_id) as reading:
            form = await rows.latest_form(reading, interaction_id)
            _check(form, interaction_id, form_id, reading.now, FormPurpose.CHOOSE)
            assert form is not None
            customer_id = await rows.owner(reading, form.subscription_id)
            numbers = {} if customer_id is None else await rows.numbers(reading, customer_id)
        password = rules.checked_choice(text, list(numbers.values()))
        return self._sealed(form.subscription_id, await self._hasher.hash(password))

    async def choose(
        self, tx: Transaction, actor: Actor, customer_id: UUID, interaction_id: UUID, form_id: UUID, sealed: str
    ) -> PasswordForm:
        """Keep what was prepared, in place of the password the line had; who failed with that one begins anew."""
        customer_id = await merging.present(tx, customer_id)
        form = await self._open(tx, interaction_id, form_id, FormPurpose.CHOOSE)
        if await rows.owner(tx, form.subscription_id) != customer_id:
            raise NotFound("subscription-not-found")
        await rows.change_form(tx, form.id, tries=form.tries + 1, outcome=FormOutcome.CHOSEN)
        await rows.put(tx, form.subscription_id, sealed, form.asked_by)
        line = form.subscription_id
        await rows.forget_waits(tx, [rules.key_of_line(line), rules.keys_of_line(line)])
        await self._tell(tx, actor, "service-password.set", form, customer_id, asked_by=str(form.asked_by))
        return form

    async def provide(self, actor: Actor, subscription_id: UUID, text: str) -> None:
        """Give a line a password outside of a contact: for who brings customers from elsewhere, and the demo."""
        async with self._database.reading(actor.tenant_id) as reading:
            customer_id = await rows.owner(reading, subscription_id)
            numbers = {} if customer_id is None else await rows.numbers(reading, customer_id)
        if customer_id is None:
            raise NotFound("subscription-not-found")
        sealed = self._sealed(
            subscription_id, await self._hasher.hash(rules.checked_choice(text, list(numbers.values())))
        )
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await rows.put(tx, subscription_id, sealed, actor.id if actor.kind is ActorKind.USER else None)
            told = {"subscription": str(subscription_id)}
            await self._identity.audit(tx, actor, "service-password.set", customer_id, told)

    async def remove(self, actor: Actor, customer_id: UUID, subscription_id: UUID) -> None:
        """Take a line's password away, when somebody else may know it. Raises "service-password-not-set"."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            customer_id = await merging.present(tx, customer_id)
            if subscription_id not in await rows.numbers(tx, customer_id):
                raise NotFound("subscription-not-found")
            if not await rows.remove(tx, subscription_id):
                raise Conflict("service-password-not-set")
            told = {"subscription": str(subscription_id)}
            await self._identity.audit(tx, actor, "service-password.removed", customer_id, told)

    async def forget_stale(self) -> None:
        """Remove waits and forms that count for nothing any more."""
        for tenant in await self._identity.tenants():
            async with self._database.reading(tenant.id) as reading:
                if not await rows.has_stale(reading, reading.now - rules.FORGET_AFTER):
                    continue
            async with self._database.transaction(tenant.id) as tx:
                await rows.forget_stale(tx, tx.now - rules.FORGET_AFTER)

    async def _open(
        self, tx: Transaction, interaction_id: UUID, form_id: UUID, purpose: FormPurpose | None = None
    ) -> PasswordForm:
        return _check(await rows.form_held(tx, form_id), interaction_id, form_id, tx.now, purpose)

    async def _tell(
        self, tx: Transaction, actor: Actor, action: str, form: PasswordForm, customer_id: UUID | None, **more: str
    ) -> None:
        told = {"interaction": str(form.interaction_id), "subscription": str(form.subscription_id), **more}
        await self._identity.audit(tx, actor, action, customer_id, told)

    def _sealed(self, subscription_id: UUID, hashed: str) -> str:
        return self._sealing.seal(hashed.encode(), purpose=PURPOSE, bound_to=str(subscription_id))

    def _opened(self, subscription_id: UUID, sealed: str | None) -> str | None:
        if sealed is None:
            return None
        try:
            return self._sealing.open(sealed, purpose=PURPOSE, bound_to=str(subscription_id)).decode()
        except SealBroken:
            raise Unavailable("service-password-unreadable") from None


def _check(
    form: PasswordForm | None, interaction_id: UUID, form_id: UUID, now: datetime, purpose: FormPurpose | None
) -> PasswordForm:
    """The form, when it is this contact's and still open for this."""
    if form is None or form.interaction_id != interaction_id:
        raise NotFound("password-form-not-found")
    if form.id != form_id or not form.is_open(now) or purpose not in (None, form.purpose):
        raise Conflict("password-form-over")
    return form


def _limits(form: PasswordForm, actor: Actor) -> tuple[Limit, ...]:
    visitor_id = actor.id if actor.kind is ActorKind.CUSTOMER else None
    return rules.limits(form.subscription_id, form.asked_by, visitor_id)


async def _proven_for(reading: Reading, interaction_id: UUID) -> set[UUID]:
    """The lines whose password may be chosen anew in a contact: a code reached them there, and answers were right.

    Either alone is not enough: the password is a higher level than both, and must not be had by who holds the phone.
    """
    tried = await proofs.passed(reading, interaction_id)
    if not any(proof is Proof.ANSWERS for proof, _ in tried):
        return set()
    return {UUID(str(detail["subscription"])) for proof, detail in tried if proof is Proof.ONE_TIME_CODE}


async def count(tx: Transaction, limits: tuple[Limit, ...]) -> None:
    """Count a try as failed until it is forgiven. Raises ``TooMany``, and counts nothing, during a wait."""
    known = await rows.waits(tx, [limit.key for limit in limits])
    # A failure that is yet to come was written before the clock went back: its wait begins anew.
    until = max(
        (
            wait.blocked_until
            if wait.last_failure_at <= tx.now
            else tx.now + (wait.blocked_until - wait.last_failure_at)
            for wait in known.values()
        ),
        default=tx.now,
    )
    if until > tx.now:
        raise TooMany("too-many-password-tries", retry_after=(until - tx.now).total_seconds())
    counted = {}
    for limit in limits:
        before = known.get(limit.key)
        fresh = before is None or tx.now - before.last_failure_at >= rules.FORGET_AFTER
        failures = 1 if before is None or fresh else before.failures + 1
        until = tx.now + rules.wait_after(failures, limit)
        counted[limit.key] = Wait(failures=failures, last_failure_at=tx.now, blocked_until=until)
    await rows.put_waits(tx, counted)


async def forgive(tx: Transaction, limits: tuple[Limit, ...]) -> None:
    """This try was no failure: the line's and the visitor's count no more; an agent keeps those with others."""
    known = await rows.waits(tx, [limit.key for limit in limits])
    kept = {}
    for limit in limits:
        before = known.get(limit.key)
        if before is not None and limit.key.startswith("agent:") and before.failures > 1:
            failures = before.failures - 1
            kept[limit.key] = Wait(failures=failures, last_failure_at=before.last_failure_at, blocked_until=tx.now)
    await rows.forget_waits(tx, [limit.key for limit in limits if limit.key not in kept])
    await rows.put_waits(tx, kept)

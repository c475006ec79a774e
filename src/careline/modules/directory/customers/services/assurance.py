"""Becoming sure who speaks: a code sent to a line of theirs, or questions that the record answers. Everything tried is
written down, also what failed. The contact itself is another module's: it calls these in its own transaction."""

import logging
import secrets
from collections.abc import Mapping
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import AdapterFailure, Conflict, Invalid, NotFound, PermanentFailure, TooMany, Unavailable
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.customers.engine import proofs as rules
from careline.modules.directory.customers.engine.proofs import Facts, Proof, Question
from careline.modules.directory.customers.errors import CustomerUnknown
from careline.modules.directory.customers.ports import Handed, NewText, TextSender
from careline.modules.directory.customers.repository import customers, merging, proofs
from careline.modules.directory.customers.rules import mask_number
from careline.modules.directory.customers.views import CodeSent, LineStatus, ProofView, Tried, WaysView
from careline.modules.directory.identity.facade import Identity

logger = logging.getLogger(__name__)


class Assuring:
    """Use cases of assurance. ``interaction_id`` names the contact that somebody is to be known in."""

    def __init__(self, database: Database, identity: Identity, sender: TextSender | None) -> None:
        self._database = database
        self._identity = identity
        self._sender = sender

    async def ways(self, tenant_id: TenantId, customer_id: UUID, interaction_id: UUID, number: str | None) -> WaysView:
        """What can be tried, and what was. ``number`` is the one that speaks. Raises ``NotFound``."""
        async with self._database.reading(tenant_id) as reading:
            customer_id = await merging.present(reading, customer_id)
            facts = await proofs.facts(reading, customer_id, number)
            known = (await customers.views(reading, [customer_id])).get(customer_id)
            tried = await proofs.proofs(reading, interaction_id)
        if facts is None or known is None:
            raise CustomerUnknown
        sends = self._sender is not None and self._sender.is_ready
        lines = [line for line in known.subscriptions if line.status is LineStatus.ACTIVE] if sends else []
        questions = rules.askable(facts)
        return WaysView(
            lines=lines,
            questions=questions if len(questions) >= rules.ANSWERS_NEEDED else [],
            rounds_left=_rounds_left(tried),
            proofs=tried,
        )

    async def send_code(self, actor: Actor, customer_id: UUID, interaction_id: UUID, subscription_id: UUID) -> CodeSent:
        """Send a code to one of the customer's lines; one sent before in the contact is worth nothing any more.

        Raises "codes-not-sendable", "code-not-sent" (again later), "code-refused" (never), "subscription-not-found",
        "too-many-codes" (``TooMany``). A code that was not sent is void, and that it was not stands in the audit.
        """
        if self._sender is None or not self._sender.is_ready:
            raise Unavailable("codes-not-sendable")
        code_id, code = new_id(), rules.code_text(secrets.randbelow(10**rules.CODE_DIGITS))
        centre = (await self._identity.tenant(actor.tenant_id)).name
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            customer_id = await merging.present(tx, customer_id)
            number = await proofs.number_in_use(tx, customer_id, subscription_id)
            if number is None:
                raise NotFound("subscription-not-found")
            await proofs.hold_line(tx, subscription_id)
            await _check_pace(tx, subscription_id)
            language = (await customers.views(tx, [customer_id]))[customer_id].language
            expires_at = tx.now + rules.CODE_LIFETIME
            await proofs.add_code(
                tx,
                code_id=code_id,
                customer_id=customer_id,
                subscription_id=subscription_id,
                interaction_id=interaction_id,
                code_hash=rules.code_hash(code_id, code),
                expires_at=expires_at,
            )
            told = {"interaction": str(interaction_id), "subscription": str(subscription_id)}
            await self._identity.audit(tx, actor, "assurance.code-sent", customer_id, told)
        words = rules.code_words(language, centre, code)
        text = NewText(id=code_id, number=number, text=words, code=code, good_until=expires_at)
        try:
            handed = await self._sender.send(actor.tenant_id, text)
        except AdapterFailure as failure:
            await self._void(actor, customer_id, code_id, failure)
            if isinstance(failure, PermanentFailure):
                raise Conflict("code-refused", field="subscription_id") from None
            raise Unavailable("code-not-sent") from None
        delivered = handed is Handed.DELIVERED
        return CodeSent(expires_at=expires_at, msisdn_masked=mask_number(number), delivered=delivered)

    async def _void(self, actor: Actor, customer_id: UUID, code_id: UUID, failure: AdapterFailure) -> None:
        logger.warning("a code could not be sent: %s", failure.reason)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await proofs.void_code(tx, code_id)
            kind = "permanent" if isinstance(failure, PermanentFailure) else "transient"
            await self._identity.audit(tx, actor, "assurance.code-not-sent", customer_id, {"cause": kind})

    async def try_code(
        self, tx: Transaction, actor: Actor, customer_id: UUID, interaction_id: UUID, code: str
    ) -> Tried:
        """Compare what the customer read out with the code that was sent last.

        Raises ``Conflict`` ("no-code-open") when none was, it is over, or was tried too often: then send another.
        """
        customer_id = await merging.present(tx, customer_id)
        row = await proofs.latest_code(tx, interaction_id, customer_id)
        if row is None or not rules.is_alive(row.expires_at, row.tries, tx.now):
            raise Conflict("no-code-open")
        fits = rules.code_fits(row.id, row.code_hash, code)
        await proofs.count_try(tx, row.id, row.tries + 1, used=fits)
        detail = {"subscription": str(row.subscription_id)}
        proof = await self._write(tx, actor, customer_id, interaction_id, Proof.ONE_TIME_CODE, fits, detail)
        return Tried(proof=proof, tries_left=0 if fits else rules.CODE_TRIES - row.tries - 1)

    async def try_answers(
        self,
        tx: Transaction,
        actor: Actor,
        customer_id: UUID,
        interaction_id: UUID,
        number: str | None,
        answers: Mapping[Question, str],
    ) -> Tried:
        """Compare what the customer answered with the record. The answers are kept nowhere.

        Raises ``Conflict`` ("no-questions-left"), ``Invalid`` ("question-not-asked", "too-few-answers").
        """
        customer_id = await merging.present(tx, customer_id)
        facts = await self._facts(tx, customer_id, number)
        left = _rounds_left(await proofs.proofs(tx, interaction_id))
        if left == 0:
            raise Conflict("no-questions-left")
        asked = rules.askable(facts)
        for question in answers:
            if question not in asked:
                raise Invalid("question-not-asked", field="answers", question=question.value)
        if len(answers) < rules.ANSWERS_NEEDED:
            raise Invalid("too-few-answers", field="answers", min=rules.ANSWERS_NEEDED)
        results = {question: rules.is_right(question, said, facts) for question, said in answers.items()}
        passed = rules.is_enough(results)
        detail = {question.value: right for question, right in results.items()}
        proof = await self._write(tx, actor, customer_id, interaction_id, Proof.ANSWERS, passed, detail)
        return Tried(proof=proof, tries_left=0 if passed else left - 1)

    async def forget_codes(self) -> None:
        """Remove codes that count for nothing any more."""
        for tenant in await self._identity.tenants():
            async with self._database.reading(tenant.id) as reading:
                if not await proofs.has_codes(reading, reading.now - rules.CODES_HOUR):
                    continue
            async with self._database.transaction(tenant.id) as tx:
                await proofs.forget_codes(tx, tx.now - rules.CODES_HOUR)

    async def _facts(self, reading: Reading, customer_id: UUID, number: str | None) -> Facts:
        facts = await proofs.facts(reading, customer_id, number)
        if facts is None:
            raise CustomerUnknown
        return facts

    async def _write(
        self,
        tx: Transaction,
        actor: Actor,
        customer_id: UUID,
        interaction_id: UUID,
        proof: Proof,
        passed: bool,
        detail: Mapping[str, str | bool],
    ) -> ProofView:
        level = rules.LEVEL[proof] if passed else None
        view = ProofView(id=new_id(), proof=proof, passed=passed, level=level, asked_by=actor.id, at=tx.now)
        await proofs.add_proof(tx, customer_id, interaction_id, view, dict(detail))
        told = {"interaction": str(interaction_id), "proof": proof.value, "passed": passed, **detail}
        action = "assurance.tried" if passed else "assurance.failed"
        await self._identity.audit(tx, actor, action, customer_id, told)
        return view


async def _check_pace(tx: Transaction, subscription_id: UUID) -> None:
    """Raises ``TooMany`` when a line got as many codes as it may; what failed counts, for it may have got through."""
    for within, most in ((rules.CODES_WITHIN, rules.CODES_AT_MOST), (rules.CODES_HOUR, rules.CODES_AT_MOST_HOURLY)):
        if await proofs.codes_since(tx, subscription_id, tx.now - within) >= most:
            raise TooMany("too-many-codes", retry_after=within.total_seconds())


def _rounds_left(tried: list[ProofView]) -> int:
    failed = sum(one.proof is Proof.ANSWERS and not one.passed for one in tried)
    return max(0, rules.ROUNDS - failed)

"""Being sure who speaks: the agent of a contact tries, the directory compares, the contact gets what was proven."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.errors import InteractionUnknown, NotYours
from careline.modules.contact.conversations.events import AssuranceRaised
from careline.modules.contact.conversations.repository import interactions as repository
from careline.modules.contact.conversations.services.access import Access
from careline.modules.contact.conversations.services.names import Names
from careline.modules.contact.conversations.states import InteractionState
from careline.modules.contact.conversations.views import Channel, InteractionView
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.views import (
    Assurance,
    CodeSent,
    PasswordForm,
    Proof,
    ProofView,
    Question,
    SubscriptionView,
    Tried,
)


class ProofShown(msgspec.Struct, frozen=True, kw_only=True):
    """What was tried to be sure who speaks; ``asked_by`` is the agent's name."""

    id: UUID
    proof: Proof
    passed: bool
    at: datetime
    asked_by: str | None


class AssuranceNow(msgspec.Struct, frozen=True, kw_only=True):
    """How sure we are who speaks, what their agent can try now, and what was tried, the first thing first.

    ``password_lines`` have a service password that can be asked for, ``new_password_lines`` may get another: only in
    a chat, where there is a form to type it into. ``password_form`` is what the customer is shown now.
    """

    level: Assurance
    lines: list[SubscriptionView]
    questions: list[Question]
    rounds_left: int
    proofs: list[ProofShown]
    password_lines: list[SubscriptionView] = []
    new_password_lines: list[SubscriptionView] = []
    password_form: PasswordForm | None = None


class AssuranceTried(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a try: the level now, and how often the same may be tried again."""

    passed: bool
    level: Assurance
    tries_left: int


class Assuring:
    """Only who talks with the customer may try; who may see the contact sees how sure we are, and why."""

    def __init__(self, database: Database, access: Access, customers: Customers, names: Names) -> None:
        self._database = database
        self._access = access
        self._customers = customers
        self._names = names

    async def now(self, actor: Actor, interaction_id: UUID) -> AssuranceNow:
        """How sure we are, what can be tried, and what was. Raises ``InteractionUnknown`` or ``NotYours``."""
        interaction = await self._access.interaction(actor, interaction_id)
        if interaction.customer_id is None:
            return AssuranceNow(level=interaction.assurance, lines=[], questions=[], rounds_left=0, proofs=[])
        ways = await self._customers.ways(actor.tenant_id, interaction.customer_id, interaction_id, interaction.number)
        mine = interaction.agent_id == actor.id and interaction.state is InteractionState.TALKING
        asking = await self._customers.service_passwords.ways(actor, interaction.customer_id, interaction_id)
        lines = {}
        if mine and interaction.channel is Channel.WEBCHAT:
            customer = await self._customers.customer(actor.tenant_id, interaction.customer_id)
            lines = {line.id: line for line in customer.subscriptions}
        return AssuranceNow(
            level=interaction.assurance,
            lines=ways.lines if mine else [],
            questions=ways.questions if mine and ways.rounds_left else [],
            rounds_left=ways.rounds_left,
            proofs=[await self._shown(actor, proof) for proof in ways.proofs],
            password_lines=[lines[one] for one in asking.kept if one in lines],
            new_password_lines=[lines[one] for one in asking.choosable if one in lines],
            password_form=asking.form if mine else None,
        )

    async def send_code(self, actor: Actor, interaction_id: UUID, subscription_id: UUID) -> CodeSent:
        """Send a code to a line of the customer."""
        async with self._database.glance(actor.tenant_id) as reading:
            interaction = await repository.find(reading, interaction_id)
        customer_id = customer_of(interaction, interaction_id, actor)
        return await self._customers.send_code(actor, customer_id, interaction_id, subscription_id)

    async def try_code(self, actor: Actor, interaction_id: UUID, code: str) -> AssuranceTried:
        """Compare the code that the customer read out."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            interaction = await repository.find_locked(tx, interaction_id)
            customer_id = customer_of(interaction, interaction_id, actor)
            tried = await self._customers.try_code(tx, actor, customer_id, interaction_id, code)
            return await raised(tx, interaction, tried)

    async def try_answers(self, actor: Actor, interaction_id: UUID, answers: Mapping[Question, str]) -> AssuranceTried:
        """Compare what the customer answered."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            interaction = await repository.find_locked(tx, interaction_id)
            customer_id = customer_of(interaction, interaction_id, actor)
            number = None if interaction is None else interaction.number
            tried = await self._customers.try_answers(tx, actor, customer_id, interaction_id, number, answers)
            return await raised(tx, interaction, tried)

    async def _shown(self, actor: Actor, proof: ProofView) -> ProofShown:
        return ProofShown(
            id=proof.id,
            proof=proof.proof,
            passed=proof.passed,
            at=proof.at,
            asked_by=await self._names.of(actor.tenant_id, proof.asked_by),
        )


def customer_of(interaction: InteractionView | None, interaction_id: UUID, actor: Actor) -> UUID:
    """Whom the contact seems to be with. Raises ``NotYours`` unless the actor talks with them now."""
    if interaction is None:
        raise InteractionUnknown(interaction_id)
    if interaction.agent_id is None or interaction.agent_id != actor.id:
        raise NotYours
    if interaction.state is not InteractionState.TALKING:
        raise Conflict("contact-over")
    if interaction.customer_id is None:
        raise Conflict("customer-not-known")
    return interaction.customer_id


async def raised(tx: Transaction, interaction: InteractionView | None, tried: Tried) -> AssuranceTried:
    """The contact at the level that was proven; one that is surer already stays."""
    assert interaction is not None, "whose contact it is was checked"
    level = tried.proof.level
    if level is not None and not interaction.assurance.satisfies(level):
        await repository.save(tx, msgspec.structs.replace(interaction, assurance=level))
        surer = AssuranceRaised(
            interaction_id=interaction.id, assurance=level, proof=tried.proof.proof, proof_id=tried.proof.id
        )
        tx.emit(surer, subject=interaction.id)
    now = level if level is not None and not interaction.assurance.satisfies(level) else interaction.assurance
    return AssuranceTried(passed=tried.proof.passed, level=now, tries_left=tried.tries_left)

"""Asking a customer for the service password of a line: the agent has a form shown, the customer alone fills it in.

The form is told of by a notice in the thread, so it is there after a cut and on another device, too, and both sides
see what came of it. What is typed goes straight to the directory, which compares it; it is stored and logged nowhere.
"""

from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.errors import InteractionUnknown
from careline.modules.contact.conversations.events import PasswordFormChanged
from careline.modules.contact.conversations.repository import interactions, messages
from careline.modules.contact.conversations.services.assuring import customer_of, raised
from careline.modules.contact.conversations.services.messages import Messages
from careline.modules.contact.conversations.states import InteractionState
from careline.modules.contact.conversations.views import Channel, InteractionView
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.views import FormOutcome, FormPurpose, PasswordForm


class FormFilled(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer is told: whether it was right or kept, and how often it may be tried again."""

    done: bool
    tries_left: int


class PasswordForms:
    """Use cases of both sides. The agent asks for the form and takes it back; whoever speaks fills it in."""

    def __init__(self, database: Database, customers: Customers, messages: Messages) -> None:
        self._database = database
        self._passwords = customers.service_passwords
        self._messages = messages

    async def ask(
        self, actor: Actor, interaction_id: UUID, subscription_id: UUID, purpose: FormPurpose
    ) -> PasswordForm:
        """Show the customer a form. Raises ``NotYours``, for a call "no-secure-form-here", and as the directory."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            interaction = await interactions.find_locked(tx, interaction_id)
            customer_id = customer_of(interaction, interaction_id, actor)
            assert interaction is not None, "whose contact it is was checked"
            if not await _sees(tx, interaction):
                raise Conflict("no-secure-form-here", channel=interaction.channel.value)
            form = await self._passwords.ask(tx, actor, customer_id, interaction_id, subscription_id, purpose)
            params = {
                "form": str(form.id),
                "purpose": form.purpose.value,
                "number": form.msisdn_masked,
                "expires_at": form.expires_at.isoformat(),
            }
            await self._messages.notice(tx, interaction.conversation_id, interaction_id, "password-asked-for", params)
            self._tell(tx, form, is_open=True)
        return form

    async def withdraw(self, actor: Actor, interaction_id: UUID, form_id: UUID) -> None:
        """Take it back, so that the customer is asked no more."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            interaction = await interactions.find_locked(tx, interaction_id)
            customer_of(interaction, interaction_id, actor)
            assert interaction is not None, "whose contact it is was checked"
            form = await self._passwords.withdraw(tx, actor, interaction_id, form_id)
            await self._settled(tx, interaction, form, "password-withdrawn")

    async def fill(self, by: Actor, interaction_id: UUID, form_id: UUID, text: str) -> FormFilled:
        """The customer typed something. Whose contact it is the caller has looked at: a visitor's own, or a call's.

        Raises ``Invalid`` naming what is wrong with it, "password-form-over", "too-many-password-tries".
        """
        async with self._database.reading(by.tenant_id) as reading:
            _talking(await interactions.find(reading, interaction_id), interaction_id)
        compared = await self._passwords.compare(by, interaction_id, form_id, text)
        async with self._database.transaction(by.tenant_id, actor=by.ref) as tx:
            interaction, customer_id = _talking(await interactions.find_locked(tx, interaction_id), interaction_id)
            tried, ended = await self._passwords.settle(tx, by, customer_id, compared)
            await raised(tx, interaction, tried)
            if ended is not None:
                code = "password-right" if ended is FormOutcome.PASSED else "password-wrong"
                await self._settled(tx, interaction, compared.form, code)
            else:
                self._tell(tx, compared.form, is_open=True)
        return FormFilled(done=tried.proof.passed, tries_left=tried.tries_left)

    async def choose(self, by: Actor, interaction_id: UUID, form_id: UUID, text: str) -> FormFilled:
        """The customer chose one. Raises ``Invalid`` naming what is wrong with it, "password-form-over"."""
        async with self._database.reading(by.tenant_id) as reading:
            _talking(await interactions.find(reading, interaction_id), interaction_id)
        sealed = await self._passwords.prepare(by, interaction_id, form_id, text)
        async with self._database.transaction(by.tenant_id, actor=by.ref) as tx:
            interaction, customer_id = _talking(await interactions.find_locked(tx, interaction_id), interaction_id)
            form = await self._passwords.choose(tx, by, customer_id, interaction_id, form_id, sealed)
            await self._settled(tx, interaction, form, "password-set")
        return FormFilled(done=True, tries_left=0)

    async def _settled(self, tx: Transaction, interaction: InteractionView, form: PasswordForm, code: str) -> None:
        params = {"form": str(form.id), "number": form.msisdn_masked}
        await self._messages.notice(tx, interaction.conversation_id, interaction.id, code, params)
        self._tell(tx, form, is_open=False)

    def _tell(self, tx: Transaction, form: PasswordForm, *, is_open: bool) -> None:
        changed = PasswordFormChanged(
            interaction_id=form.interaction_id, agent_id=form.asked_by, form_id=form.id, open=is_open
        )
        tx.emit(changed, subject=form.interaction_id)


async def _sees(tx: Transaction, interaction: InteractionView) -> bool:
    """Whether its customer has a page that shows the form: a chat, or a left message that is answered in the thread."""
    if interaction.channel is Channel.MESSAGE:
        now = await messages.conversation(tx, interaction.conversation_id)
        return now is not None and now.interaction_id == interaction.id
    return interaction.channel is Channel.WEBCHAT


def _talking(interaction: InteractionView | None, interaction_id: UUID) -> tuple[InteractionView, UUID]:
    """The contact while somebody talks in it, and whom it is with."""
    if interaction is None:
        raise InteractionUnknown(interaction_id)
    if interaction.state is not InteractionState.TALKING:
        raise Conflict("contact-over")
    if interaction.customer_id is None:
        raise Conflict("customer-not-known")
    return interaction, interaction.customer_id

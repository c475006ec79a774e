"""HTTP of being surer who speaks, for the agent of a contact."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from careline.infra.http import Visitor, requires, visitor
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.schemas.assurance import (
    AnswersTried,
    AssuranceShown,
    CodeOnItsWay,
    CodeToSend,
    CodeTried,
    PasswordAsked,
    PasswordFilled,
    PasswordFormShown,
    PasswordTyped,
    TriedShown,
)
from careline.modules.contact.conversations.services.assuring import Assuring
from careline.modules.contact.conversations.services.pace import Pace
from careline.modules.contact.conversations.services.password_forms import PasswordForms
from careline.modules.contact.conversations.services.visitors import Visitors
from careline.modules.directory.customers.views import FormPurpose

Agent = Annotated[Actor, requires("desk:use")]
Trusted = Annotated[Actor, requires("customer:password")]
Guest = Annotated[Visitor, visitor()]


def build_assurance_router(assuring: Assuring, forms: PasswordForms) -> APIRouter:
    """Routes below one contact."""
    router = APIRouter(tags=["conversations"], prefix="/interactions/{interaction_id}/assurance")

    @router.get("")
    async def assurance(interaction_id: UUID, actor: Agent) -> AssuranceShown:
        """How sure we are who speaks, and what I can do to be surer."""
        return AssuranceShown.model_validate(await assuring.now(actor, interaction_id))

    @router.post("/code")
    async def send_code(interaction_id: UUID, wanted: CodeToSend, actor: Agent) -> CodeOnItsWay:
        """Send a code to a line of the customer, to be read out to me."""
        sent = await assuring.send_code(actor, interaction_id, wanted.subscription_id)
        return CodeOnItsWay.model_validate(sent)

    @router.post("/code/try")
    async def try_code(interaction_id: UUID, wanted: CodeTried, actor: Agent) -> TriedShown:
        """Compare what was read out with the code that was sent."""
        return TriedShown.model_validate(await assuring.try_code(actor, interaction_id, wanted.code))

    @router.post("/answers")
    async def try_answers(interaction_id: UUID, wanted: AnswersTried, actor: Agent) -> TriedShown:
        """Compare what the customer answered with their record."""
        return TriedShown.model_validate(await assuring.try_answers(actor, interaction_id, wanted.answers))

    @router.post("/password", status_code=201)
    async def ask_password(interaction_id: UUID, wanted: PasswordAsked, actor: Agent) -> PasswordFormShown:
        """Show the customer a form for the service password of a line. What they type I never see."""
        form = await forms.ask(actor, interaction_id, wanted.subscription_id, FormPurpose.ENTER)
        return PasswordFormShown.model_validate(form)

    @router.post("/password/new", status_code=201)
    async def ask_new_password(interaction_id: UUID, wanted: PasswordAsked, actor: Trusted) -> PasswordFormShown:
        """Let the customer choose a service password, after a code to that line and right answers in this contact."""
        form = await forms.ask(actor, interaction_id, wanted.subscription_id, FormPurpose.CHOOSE)
        return PasswordFormShown.model_validate(form)

    @router.delete("/password/{form_id}", status_code=204)
    async def withdraw_password(interaction_id: UUID, form_id: UUID, actor: Agent) -> None:
        """Ask the customer no more."""
        await forms.withdraw(actor, interaction_id, form_id)

    return router


def build_password_router(forms: PasswordForms, visitors: Visitors, speaking: Pace) -> APIRouter:
    """The customer's side of a form."""
    router = APIRouter(tags=["visitor"])

    @router.post("/visitor/password-forms/{form_id}")
    async def fill_password(form_id: UUID, typed: PasswordTyped, guest: Guest) -> PasswordFilled:
        """Type the service password that I am asked for, or choose one. It is compared, and shown to nobody."""
        speaking.check(guest.id)
        interaction_id = await visitors.talking_in(guest)
        fill = forms.fill if typed.purpose is FormPurpose.ENTER else forms.choose
        done = await fill(guest.actor, interaction_id, form_id, typed.password.get_secret_value())
        return PasswordFilled.model_validate(done)

    return router

"""HTTP of telephony: browser phones, recordings, and the numbers that lead to us."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from careline.infra.http import public, requires
from careline.infra.ranges import part_of
from careline.kernel.errors import AdapterFailure, NotFound
from careline.kernel.tenancy import Actor
from careline.modules.contact.telephony.errors import RecordingUnavailable
from careline.modules.contact.telephony.ports import CallOpening, LegRole
from careline.modules.contact.telephony.rules import demo_endpoint
from careline.modules.contact.telephony.schemas import (
    DemoPhone,
    DemoPhoneWanted,
    NumberChangeWanted,
    NumberChoices,
    NumberList,
    NumberShown,
    NumberWanted,
    Softphone,
)
from careline.modules.contact.telephony.services.entries import Entries
from careline.modules.contact.telephony.services.numbers import Numbers
from careline.modules.contact.telephony.services.recording import Recorder
from careline.modules.contact.telephony.services.softphones import Softphones
from careline.modules.contact.telephony.views import NumberView
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.people.facade import People

Administrator = Annotated[Actor, requires("telephony:manage")]
Version = Annotated[int, Query(ge=1, le=2**31 - 1, description="The version that was looked at")]

SIP_PATH = "/sip"
SIP_REALM = "careline.invalid"
"""A name that can never be looked up (RFC 6761 §6.4): the phone speaks to whatever served its page."""


def build_router(
    softphones: Softphones,
    recorder: Recorder,
    contacts: CallOpening,
    people: People,
    identity: Identity,
) -> APIRouter:
    """For agents and for those who may listen to recordings."""
    router = APIRouter(tags=["telephony"])

    @router.get("/softphone")
    async def softphone(actor: Annotated[Actor, requires("desk:use")]) -> Softphone:
        """What my browser needs to register as my phone."""
        if actor.id is None:
            raise NotFound("agent-not-found")
        agent = await people.agent(actor.tenant_id, actor.id)
        view = await softphones.issue(agent.endpoint, LegRole.AGENT)
        return Softphone(
            endpoint=view.endpoint, secret=view.secret, sip_uri=f"sip:{view.endpoint}@{SIP_REALM}", sip_path=SIP_PATH
        )

    @router.get("/recordings/{recording_id}/audio", response_class=StreamingResponse)
    async def audio(
        recording_id: UUID, request: Request, actor: Annotated[Actor, requires("recording:listen")]
    ) -> Response:
        """The recording as a two-channel WAV, or a range of it: left the caller, right what they heard. Each listening
        is audited."""
        view = await recorder.recording(actor.tenant_id, recording_id)
        await contacts.check_reach(actor, "recording:listen", view.call_id)
        size = await recorder.size(actor.tenant_id, view)
        part = part_of(request.headers.get("range"), size)
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes"}
        if part is None:
            return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
        start, length = part
        status = 200
        if length != size:
            status = 206
            headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}"
        headers["Content-Length"] = str(length)
        await identity.audit_read(actor, "recording.listened", subject=str(recording_id))
        body = recorder.content(actor.tenant_id, recording_id, start=start, length=length)
        try:
            first = await anext(body, b"")
        except AdapterFailure as failure:
            raise RecordingUnavailable(recording_id) from failure
        return StreamingResponse(_after(first, body), status, headers, media_type="audio/wav")

    return router


async def _after(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in rest:
        yield part


def build_numbers_router(numbers: Numbers) -> APIRouter:
    """For who sets where numbers lead."""
    router = APIRouter(tags=["telephony"])

    async def shown(actor: Actor, views: Sequence[NumberView]) -> list[NumberShown]:
        flows, _ = await numbers.choices(actor.tenant_id)
        names = await numbers.names(actor.tenant_id, views)
        return [NumberShown.of(view, {flow.code for flow in flows}, names) for view in views]

    @router.get("/numbers")
    async def all_numbers(actor: Administrator) -> NumberList:
        """The centre's numbers, in order."""
        return NumberList(items=await shown(actor, await numbers.all(actor.tenant_id)))

    @router.get("/number-choices")
    async def number_choices(actor: Administrator) -> NumberChoices:
        """What a number may lead to, and the calendars that its rules may ask."""
        flows, calendars = await numbers.choices(actor.tenant_id)
        return NumberChoices.of(flows, calendars)

    @router.post("/numbers", status_code=201)
    async def make_number(wanted: NumberWanted, actor: Administrator) -> NumberShown:
        """Let a number lead to a flow; calls to it are taken from now on."""
        view = await numbers.make(actor, wanted.number, wanted.leading())
        return (await shown(actor, [view]))[0]

    @router.get("/numbers/{number_id}")
    async def number(number_id: UUID, actor: Administrator) -> NumberShown:
        """One number."""
        return (await shown(actor, [await numbers.one(actor.tenant_id, number_id)]))[0]

    @router.put("/numbers/{number_id}")
    async def change_number(number_id: UUID, wanted: NumberChangeWanted, actor: Administrator) -> NumberShown:
        """Lead a number elsewhere; the next call follows, and those that run go on."""
        view = await numbers.change(actor, number_id, wanted.leading(), wanted.version)
        return (await shown(actor, [view]))[0]

    @router.delete("/numbers/{number_id}", status_code=204)
    async def remove_number(number_id: UUID, version: Version, actor: Administrator) -> None:
        """Give a number up: calls to it are refused from now on, and those that run go on."""
        await numbers.remove(actor, number_id, version)

    return router


def build_demo_router(softphones: Softphones, entries: Entries) -> APIRouter:
    """A phone in the browser for trying the hotline; mounted in the demo only."""
    router = APIRouter(tags=["demo"])

    @router.post("/demo-phone", status_code=201, dependencies=[public()])
    async def demo_phone(wanted: DemoPhoneWanted) -> DemoPhone:
        """Register a caller's phone in the browser."""
        view = await softphones.issue(demo_endpoint(wanted.number), LegRole.CALLER, number=wanted.number)
        return DemoPhone(
            endpoint=view.endpoint,
            secret=view.secret,
            sip_uri=f"sip:{view.endpoint}@{SIP_REALM}",
            sip_path=SIP_PATH,
            numbers=sorted(entries.numbers()),
        )

    return router

"""HTTP of telephony: browser phones and recordings."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from careline.infra.http import public, requires
from careline.infra.ranges import part_of
from careline.kernel.errors import AdapterFailure, NotFound
from careline.kernel.tenancy import Actor
from careline.modules.contact.telephony.errors import RecordingUnavailable
from careline.modules.contact.telephony.ports import CallOpening, LegRole
from careline.modules.contact.telephony.rules import demo_endpoint
from careline.modules.contact.telephony.schemas import DemoPhone, DemoPhoneWanted, Softphone
from careline.modules.contact.telephony.services.arrival import Arrivals
from careline.modules.contact.telephony.services.recording import Recorder
from careline.modules.contact.telephony.services.softphones import Softphones
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.people.facade import People

SIP_PATH = "/sip"
SIP_REALM = "careline.invalid"
"""A name that can never be looked up (RFC 6761 §6.4): the phone speaks to whatever served its page."""


def build_router(
    softphones: Softphones, recorder: Recorder, contacts: CallOpening, people: People, identity: Identity
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


def build_demo_router(softphones: Softphones, arrivals: Arrivals) -> APIRouter:
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
            numbers=sorted(arrivals.numbers()),
        )

    return router

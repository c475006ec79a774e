"""Files of a conversation: sent, linked to, and served from a path of their own on which nothing else lies.

What was sent is never shown as a page of ours: its type is what its content says, it is sandboxed without scripts, and
whatever is no picture or sound is only saved.
"""

from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response
from starlette.responses import StreamingResponse
from starlette.routing import BaseRoute, Route

from careline.infra.http import Visitor, requires, user_if_any, visitor
from careline.infra.ranges import part_of
from careline.infra.web.joined import joined
from careline.kernel.errors import AdapterFailure
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.errors import FilesUnavailable
from careline.modules.contact.conversations.schemas.contacts import Link, Message
from careline.modules.contact.conversations.services.desk import Desk
from careline.modules.contact.conversations.services.files import GOOD_FOR, PATH, Files, Opened
from careline.modules.contact.conversations.services.messages import Sent
from careline.modules.contact.conversations.services.pace import Pace
from careline.modules.contact.conversations.services.uploads import Uploads, Wanted
from careline.modules.contact.conversations.services.visitors import Visitors

Agent = Annotated[Actor, requires("desk:use")]
Guest = Annotated[Visitor, visitor()]
ClientId = Annotated[UUID, Query(description="The sender's own name for it: sending it again stores nothing new")]
Name = Annotated[str, Query(max_length=500, description="What its sender calls it; shown cleaned")]
Duration = Annotated[int | None, Query(ge=0, le=10**7, description="Milliseconds; makes it a voice message")]

_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_SANDBOX = "sandbox; default-src 'none'"
_BODY: dict[str, object] = {
    "requestBody": {
        "required": True,
        "description": "The bytes of the file as they are; the type that is claimed for them does not matter.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_AGAIN: dict[int | str, dict[str, object]] = {
    200: {"model": Message, "description": "It was stored before; this is the same message."}
}


class FileServices(msgspec.Struct, frozen=True, kw_only=True):
    """What the endpoints of files call."""

    desk: Desk
    files: Files
    uploads: Uploads
    visitors: Visitors
    sending: Pace


def build_router(services: FileServices) -> APIRouter:
    """Sending and links, for both sides."""
    desk = APIRouter(tags=["conversations"])
    guests = APIRouter(tags=["visitor"])
    _add_visitor(guests, services)
    _add_desk(desk, services)
    return joined(guests, desk)


def build_path(services: FileServices) -> BaseRoute:
    """Where files are served. Who holds a link may open it, as far as the link itself says."""

    async def serve(request: Request) -> Response:
        opened = await services.files.open(request.path_params["word"], await user_if_any(request))
        return await _answer(services.files, opened, request.headers.get("range"))

    return Route(PATH + "{word}", serve, name="files")


def _add_visitor(router: APIRouter, services: FileServices) -> None:
    @router.post("/visitor/files", status_code=201, responses=_AGAIN, openapi_extra=_BODY)
    async def send_file(
        guest: Guest,
        request: Request,
        response: Response,
        client_id: ClientId,
        name: Name = "",
        duration_ms: Duration = None,
    ) -> Message:
        """Send a picture, a file or a voice message. It is durable when this answers."""
        services.sending.check(guest.id)
        record = await services.visitors.record(guest)
        wanted = Wanted(client_id=client_id, name=name, length=_length(request), duration_ms=duration_ms)
        sent = await services.uploads.from_visitor(record, wanted, request.stream())
        return await _answered(services, guest.tenant_id, sent, response)

    @router.get("/visitor/files/{file_id}/link")
    async def file_link(file_id: UUID, guest: Guest) -> Link:
        """Where I find a file of my conversation, for a few minutes."""
        record = await services.visitors.record(guest)
        return Link.model_validate(await services.files.link_for_visitor(record, file_id))


def _add_desk(router: APIRouter, services: FileServices) -> None:
    @router.post("/conversations/{conversation_id}/files", status_code=201, responses=_AGAIN, openapi_extra=_BODY)
    async def send_file(
        conversation_id: UUID,
        actor: Agent,
        request: Request,
        response: Response,
        client_id: ClientId,
        name: Name = "",
        duration_ms: Duration = None,
    ) -> Message:
        """Send a picture, a file or a voice message in my chat. It is durable when this answers."""
        wanted = Wanted(client_id=client_id, name=name, length=_length(request), duration_ms=duration_ms)
        sent = await services.uploads.from_agent(actor, conversation_id, wanted, request.stream())
        return await _answered(services, actor.tenant_id, sent, response)

    @router.get("/conversations/{conversation_id}/files/{file_id}/link")
    async def file_link(conversation_id: UUID, file_id: UUID, actor: Agent) -> Link:
        """Where I find a file of a conversation that I may see, for a few minutes and as myself."""
        return Link.model_validate(await services.files.link_for_agent(actor, conversation_id, file_id))


async def _answered(services: FileServices, tenant_id: TenantId, sent: Sent, response: Response) -> Message:
    if sent.again:
        response.status_code = 200
    return Message.model_validate(await services.desk.shown(tenant_id, sent.message))


async def _answer(files: Files, opened: Opened, wanted_range: str | None) -> Response:
    size = opened.attachment.size
    part = part_of(wanted_range, size)
    headers = {
        "Content-Disposition": _disposition(opened),
        "Content-Security-Policy": _SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin" if opened.for_staff else "cross-origin",
        # What a visitor opens is left on no disk: others may use the computer after them.
        "Cache-Control": f"private, max-age={int(GOOD_FOR.total_seconds())}" if opened.for_staff else "no-store",
        "Accept-Ranges": "bytes",
    }
    if part is None:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    start, length = part
    status = 200
    if length != size:
        status = 206
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}"
    headers["Content-Length"] = str(length)
    body = files.content(opened, start=start, length=length)
    try:
        first = await anext(body, b"")
    except AdapterFailure as failure:
        raise FilesUnavailable from failure
    return StreamingResponse(_after(first, body), status, headers, media_type=_media_type(opened))


async def _after(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in rest:
        yield part


def _media_type(opened: Opened) -> str:
    """Nothing but pictures and sound gets a type that a browser would show."""
    kind = opened.attachment.media_type
    return kind if kind in _SHOWN or kind.startswith("audio/") else "application/octet-stream"


def _disposition(opened: Opened) -> str:
    shown = _media_type(opened) != "application/octet-stream"
    return f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(opened.name, safe='')}"


def _length(request: Request) -> int | None:
    """What the sender says that it sends; it is counted all the same."""
    told = request.headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else None

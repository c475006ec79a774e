"""HTTP of quick replies: at the desk, and where administrators write them."""

from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query

from careline.infra.http import requires
from careline.kernel.paging import MAX_LIMIT
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.repository.quick_replies import QuickReplyContent, QuickReplyView
from careline.modules.contact.conversations.schemas.quick_replies import (
    QuickReply,
    QuickReplyChange,
    QuickReplyList,
    QuickReplyRetirement,
    QuickReplyWanted,
)
from careline.modules.contact.conversations.services.quick_replies import QuickReplies

Agent = Annotated[Actor, requires("desk:use")]
Manager = Annotated[Actor, requires("desk:manage")]


def build_replies_router(replies: QuickReplies) -> APIRouter:
    """For agents and administrators."""
    router = APIRouter(tags=["quick-replies"])
    _add_own(router, replies)
    _add_managed(router, replies)
    return router


def _add_own(router: APIRouter, replies: QuickReplies) -> None:
    @router.get("/quick-replies")
    async def usable(actor: Agent) -> list[QuickReply]:
        """What I may use, the most used first: the tenant's and my own, at most 500."""
        return [_shown(one) for one in await replies.mine(actor)]

    @router.post("/quick-replies/{reply_id}/used", status_code=204)
    async def used(reply_id: UUID, actor: Agent) -> None:
        """I have put it into an answer."""
        await replies.used(actor, reply_id)

    @router.post("/quick-replies/mine", status_code=201)
    async def add_own(wanted: QuickReplyWanted, actor: Agent) -> QuickReply:
        """Make one of my own."""
        return _shown(await replies.add(actor, _content(wanted), own=True))

    @router.put("/quick-replies/mine/{reply_id}")
    async def change_own(reply_id: UUID, wanted: QuickReplyChange, actor: Agent) -> QuickReply:
        """Write one of my own anew."""
        return _shown(await replies.change(actor, reply_id, wanted.version, _content(wanted), own=True))

    @router.delete("/quick-replies/mine/{reply_id}", status_code=204)
    async def forget_own(reply_id: UUID, actor: Agent) -> None:
        """Remove one of my own."""
        await replies.forget(actor, reply_id)


def _add_managed(router: APIRouter, replies: QuickReplies) -> None:
    @router.get("/quick-replies/all")
    async def listed(
        actor: Manager,
        q: Annotated[str, Query(max_length=100)] = "",
        group: Annotated[str | None, Query(max_length=60)] = None,
        after: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    ) -> QuickReplyList:
        """The tenant's, retired ones too."""
        page = await replies.listed(actor, search=q, group=group, after=after, limit=limit)
        return QuickReplyList(items=[_shown(one) for one in page.items], next=page.next)

    @router.post("/quick-replies", status_code=201)
    async def add(wanted: QuickReplyWanted, actor: Manager) -> QuickReply:
        """Make one for everybody."""
        return _shown(await replies.add(actor, _content(wanted), own=False))

    @router.put("/quick-replies/{reply_id}")
    async def change(reply_id: UUID, wanted: QuickReplyChange, actor: Manager) -> QuickReply:
        """Write one anew."""
        return _shown(await replies.change(actor, reply_id, wanted.version, _content(wanted), own=False))

    @router.put("/quick-replies/{reply_id}/retired")
    async def retire(reply_id: UUID, wanted: QuickReplyRetirement, actor: Manager) -> QuickReply:
        """Take one out of use, or into it again."""
        return _shown(await replies.retire(actor, reply_id, wanted.version, retired=wanted.retired))


def _content(wanted: QuickReplyWanted) -> QuickReplyContent:
    return QuickReplyContent(group=wanted.group, language=wanted.language, title=wanted.title, text=wanted.text)


def _shown(one: QuickReplyView) -> QuickReply:
    values = msgspec.structs.asdict(one)
    del values["owner_id"]
    return QuickReply(own=one.owner_id is not None, **values)

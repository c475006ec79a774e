"""A file comes in: looked at by its content, sealed into the store, and only then said in the conversation.

Nobody's word counts: not for the type, not for the length. What is not kept in the end leaves nothing behind.
"""

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.storage.content import HEAD, TAIL, Content, Kind, content_of
from careline.infra.storage.names import clean_name
from careline.infra.storage.store import FileStore
from careline.infra.telemetry.load import Overloaded
from careline.kernel.errors import AdapterFailure, DomainError, TooMany
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.errors import (
    ChatEnded,
    FilesFull,
    FilesUnavailable,
    FileTooLarge,
    NoVoice,
    UploadStalled,
)
from careline.modules.contact.conversations.repository import files as repository
from careline.modules.contact.conversations.repository import messages
from careline.modules.contact.conversations.repository.visitors import VisitorRecord
from careline.modules.contact.conversations.services.access import Access
from careline.modules.contact.conversations.services.messages import Messages, Saying, Sent
from careline.modules.contact.conversations.views import Attachment, Author, MessageKind

logger = logging.getLogger(__name__)

Body = AsyncIterator[bytes]


class FileLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of what is sent. ``at_once``: uploads of one sender that run side by side; ``in_all``: of everybody."""

    file_bytes: int = 10 * 1_048_576
    conversation_bytes: int = 200 * 1_048_576
    conversation_files: int = 200
    shortest_voice_ms: int = 300
    longest_voice_ms: int = 125_000
    stall_s: float = 30
    at_once: int = 3
    in_all: int = 200


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What its sender says of a file. ``duration_ms`` makes it a voice message; ``length`` is the body's, if told."""

    client_id: UUID
    name: str
    length: int | None = None
    duration_ms: int | None = None


class Uploads:
    """Takes files of both sides."""

    def __init__(
        self, database: Database, store: FileStore, messages: Messages, access: Access, limits: FileLimits
    ) -> None:
        self._database = database
        self._store = store
        self._messages = messages
        self._access = access
        self._limits = limits
        self._running: Counter[UUID] = Counter()

    async def from_visitor(self, visitor: VisitorRecord, wanted: Wanted, body: Body) -> Sent:
        """The customer sends a file; as a first message it opens the conversation, as words do."""
        await self._messages.check_admitted(visitor, "")
        if visitor.conversation_id is not None:
            await self._check_room(visitor.tenant_id, visitor.conversation_id, Author.CUSTOMER, wanted)
        return await self._take(
            visitor.tenant_id,
            visitor.id,
            wanted,
            body,
            lambda saying: self._messages.visitor_says(visitor, wanted.client_id, saying),
        )

    async def from_agent(self, actor: Actor, conversation_id: UUID, wanted: Wanted, body: Body) -> Sent:
        """The agent of the chat sends a file. Raises ``chat-ended`` when it is not, or no more, their chat."""
        await self._access.conversation(actor, conversation_id)
        if actor.id is None:
            raise ChatEnded
        await self._check_room(actor.tenant_id, conversation_id, Author.AGENT, wanted)
        return await self._take(
            actor.tenant_id,
            actor.id,
            wanted,
            body,
            lambda saying: self._messages.agent_says(actor, conversation_id, wanted.client_id, saying),
        )

    async def _check_room(self, tenant_id: TenantId, conversation_id: UUID, author: Author, wanted: Wanted) -> None:
        """Refuse what does not fit any more, unless it is there already and only the answer was lost."""
        async with self._database.glance(tenant_id) as reading:
            count, size = await repository.sum_of(reading, conversation_id)
            most, most_bytes = self._limits.conversation_files, self._limits.conversation_bytes
            if count < most and size + (wanted.length or 0) <= most_bytes:
                return
            if await messages.by_client_id(reading, conversation_id, author, wanted.client_id) is None:
                raise FilesFull(most, most_bytes)

    async def _take(
        self,
        tenant_id: TenantId,
        sender: UUID,
        wanted: Wanted,
        body: Body,
        say: Callable[[Saying], Awaitable[Sent]],
    ) -> Sent:
        if wanted.length is not None and wanted.length > self._limits.file_bytes:
            raise FileTooLarge(self._limits.file_bytes)
        if self._running.total() >= self._limits.in_all:
            raise Overloaded
        if self._running[sender] >= self._limits.at_once:
            raise TooMany("too-many-files", retry_after=2)
        self._running[sender] += 1
        try:
            return await self._receive(tenant_id, wanted, body, say)
        except AdapterFailure as failure:
            logger.error("a file was not kept: %s", failure.reason)
            raise FilesUnavailable from failure
        finally:
            self._running[sender] -= 1
            self._running += Counter()  # forgets who has none

    async def _receive(
        self, tenant_id: TenantId, wanted: Wanted, body: Body, say: Callable[[Saying], Awaitable[Sent]]
    ) -> Sent:
        file_id, seen = new_id(), _Seen(self._limits.file_bytes)
        async with self._store.incoming(tenant_id, file_id) as incoming:
            while (part := await self._next(body)) is not None:
                seen.add(part)
                await incoming.write(part)
            content = content_of(bytes(seen.head), bytes(seen.tail), seen.size)
            saying = self._saying(file_id, wanted, seen, content)
            await incoming.keep()
        try:
            sent = await say(saying)
        except DomainError:
            await asyncio.shield(self._store.remove(tenant_id, file_id))
            raise
        # Of anything else nobody knows whether the message was stored: what none carries is tidied away.
        if sent.again:
            await self._store.remove(tenant_id, file_id)
        return sent

    async def _next(self, body: Body) -> bytes | None:
        try:
            async with asyncio.timeout(self._limits.stall_s):
                return await anext(body, None)
        except TimeoutError:
            raise UploadStalled from None

    def _saying(self, file_id: UUID, wanted: Wanted, seen: "_Seen", content: Content) -> Saying:
        voice = wanted.duration_ms
        if voice is not None and (
            content.kind is not Kind.SOUND
            or not self._limits.shortest_voice_ms <= voice <= self._limits.longest_voice_ms
        ):
            raise NoVoice(self._limits.longest_voice_ms)
        kind = MessageKind.PICTURE if content.kind is Kind.PICTURE else MessageKind.FILE
        return Saying(
            kind=kind if voice is None else MessageKind.VOICE,
            text=clean_name(wanted.name, content.extension, otherwise=content.kind.value),
            attachment=Attachment(
                id=file_id,
                media_type=content.media_type,
                size=seen.size,
                digest=seen.digest.hexdigest(),
                width=content.width,
                height=content.height,
                duration_ms=voice,
            ),
        )


class _Seen:
    """What has to be known of a file when it is all there, and no more of it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.size = 0
        self.head = bytearray()
        self.tail = bytearray()
        self.digest = hashlib.sha256()

    def add(self, part: bytes) -> None:
        """Raises ``FileTooLarge`` with the first byte that is too many."""
        self.size += len(part)
        if self.size > self._most:
            raise FileTooLarge(self._most)
        self.digest.update(part)
        if len(self.head) < HEAD:
            self.head += part[: HEAD - len(self.head)]
        self.tail += part
        del self.tail[:-TAIL]

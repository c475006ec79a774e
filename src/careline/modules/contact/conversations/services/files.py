"""Files are handed out for a short while to who may have them, and go with their conversation."""

import base64
import hashlib
import hmac
import struct
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import msgspec

from careline.infra.database.database import Database
from careline.infra.storage.store import FileStore
from careline.kernel.clock import Clock
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.errors import FileUnknown, NotYours
from careline.modules.contact.conversations.repository import files as repository
from careline.modules.contact.conversations.repository import messages
from careline.modules.contact.conversations.repository.visitors import VisitorRecord
from careline.modules.contact.conversations.services.access import Access
from careline.modules.contact.conversations.services.past import Past
from careline.modules.contact.conversations.services.visitors import Visitors
from careline.modules.contact.conversations.views import Attachment, FileLink, MessageView

GOOD_FOR = timedelta(minutes=10)
"""How long a link opens its file: long enough to look and to listen, too short to be passed on."""

LOOKED_AT_ONCE = 20_000
"""So many files of the store are looked at each time that it is tidied."""

ORPHANED_AFTER = timedelta(hours=1)
"""A file without a message is older than any upload by then, and was left by a crash."""

PATH: Final = "/files/"

_FORM = struct.Struct(">?I16s16s16s")
_MAC = 16


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A file that may be handed out: what it is, what it is called, and where its content is."""

    tenant_id: TenantId
    attachment: Attachment
    name: str
    for_staff: bool


class Files:
    """Makes links, opens them, and removes what nobody can reach any more.

    A link is a signed word: the file, its tenant, until when, and for whom. A visitor's opens by itself, since an image
    in a page can show no token; an agent's opens only together with the session of that very agent.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        store: FileStore,
        secret: Callable[[], bytes],
        access: Access,
        visitors: Visitors,
        past: Past,
    ) -> None:
        self._database = database
        self._clock = clock
        self._store = store
        self._secret = secret
        self._access = access
        self._visitors = visitors
        self._past = past

    async def link_for_visitor(self, visitor: VisitorRecord, file_id: UUID) -> FileLink:
        """Where a visitor finds a file of their own conversation. Raises ``FileUnknown``."""
        async with self._database.glance(visitor.tenant_id) as reading:
            file = await repository.find(reading, file_id)
        if file is None or file.conversation_id != visitor.conversation_id:
            raise FileUnknown
        return self._link(visitor.tenant_id, file_id, visitor.id, for_staff=False)

    async def link_for_agent(self, actor: Actor, conversation_id: UUID, file_id: UUID) -> FileLink:
        """Where who may see a conversation finds a file of it. Raises ``FileUnknown``."""
        only = await self._access.readable(actor, conversation_id)
        async with self._database.glance(actor.tenant_id) as reading:
            file = await repository.find(reading, file_id)
            message = None if file is None else await messages.by_seq(reading, file.conversation_id, file.seq)
        if file is None or message is None or file.conversation_id != conversation_id or actor.id is None:
            raise FileUnknown
        if only is not None and message.interaction_id not in only:
            raise FileUnknown
        return self._link(actor.tenant_id, file_id, actor.id, for_staff=True)

    def link_for_reader(self, actor: Actor, file_id: UUID) -> FileLink:
        """Where a file of an earlier contact is, for whom ``Past.check_file`` has passed. Raises ``FileUnknown``."""
        if actor.id is None:
            raise FileUnknown
        return self._link(actor.tenant_id, file_id, actor.id, for_staff=True)

    async def open(self, word: str, actor: Actor | None) -> Opened:
        """The file of a link. ``actor`` is who is signed in where it is opened. Raises ``FileUnknown``."""
        for_staff, tenant_id, file_id, holder = self._read(word)
        async with self._database.glance(tenant_id) as reading:
            file = await repository.find(reading, file_id)
            message = None if file is None else await messages.by_seq(reading, file.conversation_id, file.seq)
        if file is None or message is None or message.attachment is None:
            raise FileUnknown
        if for_staff:
            if actor is None or (actor.tenant_id, actor.id) != (tenant_id, holder):
                raise FileUnknown
            await self._check(actor, message)
        elif await self._visitors.conversation_of(tenant_id, holder) != file.conversation_id:
            raise FileUnknown
        return Opened(tenant_id=tenant_id, attachment=message.attachment, name=message.text, for_staff=for_staff)

    def content(self, opened: Opened, *, start: int, length: int) -> AsyncIterator[bytes]:
        """Its bytes from ``start`` on."""
        return self._store.read(opened.tenant_id, opened.attachment.id, start=start, length=length)

    async def tidy(self, tenant_id: TenantId) -> int:
        """Remove what lies in the store and belongs to no message; how many these were.

        Of a large store it looks at a part, from another place each time: this goes on beside all else.
        """
        # By the machine's clock, as the store's times are.
        before = datetime.now(UTC) - ORPHANED_AFTER  # house: allow one-clock – compared with the times of files
        old = await self._store.some(tenant_id, before=before, start=uuid4(), most=LOOKED_AT_ONCE)
        gone = 0
        for at in range(0, len(old), 500):
            some = old[at : at + 500]
            async with self._database.reading(tenant_id) as reading:
                known = await repository.known(reading, some)
            for file_id in some:
                if file_id not in known:
                    await self._store.remove(tenant_id, file_id)
                    gone += 1
        return gone

    async def _check(self, actor: Actor, message: MessageView) -> None:
        """Pass who may read the words that a file stands among, in its chat or as an earlier contact."""
        try:
            only = await self._access.readable(actor, message.conversation_id)
            if only is None or message.interaction_id in only:
                return
        except NotYours:
            if not await self._past.may_read(actor, message.interaction_id):
                raise
            return
        if not await self._past.may_read(actor, message.interaction_id):
            raise FileUnknown

    def _link(self, tenant_id: TenantId, file_id: UUID, holder: UUID, *, for_staff: bool) -> FileLink:
        until = self._clock.now() + GOOD_FOR
        told = _FORM.pack(for_staff, int(until.timestamp()), tenant_id.bytes, file_id.bytes, holder.bytes)
        word = base64.urlsafe_b64encode(told + self._mac(told)).decode().rstrip("=")
        return FileLink(path=PATH + word, expires_at=until)

    def _read(self, word: str) -> tuple[bool, TenantId, UUID, UUID]:
        try:
            raw = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        except ValueError:
            raise FileUnknown from None
        told, mac = raw[: _FORM.size], raw[_FORM.size :]
        if len(told) != _FORM.size or not hmac.compare_digest(mac, self._mac(told)):
            raise FileUnknown
        for_staff, until, tenant, file, holder = _FORM.unpack(told)
        if until <= self._clock.now().timestamp():
            raise FileUnknown
        return for_staff, TenantId(UUID(bytes=tenant)), UUID(bytes=file), UUID(bytes=holder)

    def _mac(self, told: bytes) -> bytes:
        return hmac.digest(self._secret(), told, hashlib.sha256)[:_MAC]

"""The hub of one process: who follows what, and what is told to them."""

import asyncio
import logging
import re
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

import msgspec

from careline.infra.database.failures import why_unusable
from careline.infra.realtime import frames
from careline.infra.realtime.connection import Connection, Limits, Principal
from careline.infra.realtime.frames import CloseCode, Cmd, Sub, Unsub
from careline.infra.realtime.topics import Frame, Key, TopicMemory
from careline.kernel.clock import Clock
from careline.kernel.errors import DomainError, Forbidden, NotFound
from careline.kernel.tenancy import Actor, TenantId

logger = logging.getLogger(__name__)

T = TypeVar("T")

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Permission = Callable[[Principal, str], Awaitable[bool]]
"""``await check(principal, topic)``: may this one follow that topic of its own tenant?"""

Presence = Callable[[TenantId, str, bool], Awaitable[None]]
"""``await changed(tenant_id, topic, present)``: the first follower came, or the last one went."""


Refused = Callable[[Actor, str, Forbidden, UUID | None], None]
"""``refused(actor, operation, refusal, target)``: somebody may not follow that. Waits for nothing, must not fail."""


class Disconnect(Protocol):
    """Cuts lines of another kind than the hub's own that hang on the same sign-in."""

    def __call__(self, tenant_id: TenantId, *, actor_id: UUID | None = None, session_id: UUID | None = None) -> None:
        """Called as ``Hub.disconnect`` is; must not fail."""
        ...


class Hub:
    """Modules register permissions, commands and presence while the process is put together, then publish."""

    def __init__(self, clock: Clock, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._clock = clock
        self._memory = TopicMemory(
            secrets.token_urlsafe(9), per_topic=self.limits.kept_per_topic, total_size=self.limits.kept_size
        )
        self._followers: dict[Key, set[Connection]] = {}
        self._connections: set[Connection] = set()
        self._per_actor: Counter[tuple[TenantId, UUID | None]] = Counter()
        self._permissions: dict[str, Permission] = {}
        self._commands: dict[str, tuple[msgspec.json.Decoder[Any], Callable[[Principal, Any], Awaitable[object]]]] = {}
        self._presence: dict[str, Presence] = {}
        self._disconnects: list[Disconnect] = []
        self._refused: Refused | None = None
        self._closes: list[Callable[[], Awaitable[None]]] = []
        self._rechecks = 0
        self._told: dict[Key, bool] = {}
        self._telling: dict[Key, asyncio.Task[None]] = {}

    @property
    def epoch(self) -> str:
        """This run of the process; positions of another one cannot be resumed from."""
        return self._memory.epoch

    def position(self) -> str:
        """Where all topics are now. Taken *before* reading what is sent over HTTP, it is a safe ``from``."""
        return self._memory.position()

    def authorise(self, prefix: str, check: Permission) -> None:
        """Name who decides about topics ``prefix`` and ``prefix:…``. A topic nobody decides about is refused."""
        if prefix in self._permissions:
            raise ValueError(f"topics {prefix!r} have their permission already")
        self._permissions[prefix] = check

    def on_command(self, name: str, shape: type[T], handler: Callable[[Principal, T], Awaitable[object]]) -> None:
        """Have ``handler(principal, data)`` do the commands of a name; ``data`` is checked against ``shape``."""
        if name in self._commands:
            raise ValueError(f"command {name!r} has its handler already")
        self._commands[name] = (msgspec.json.Decoder(shape), handler)

    def on_presence(self, prefix: str, changed: Presence) -> None:
        """Be told when the first follower of a topic comes and the last one goes, in order, at least the last state."""
        if prefix in self._presence:
            raise ValueError(f"presence on {prefix!r} is told to somebody already")
        self._presence[prefix] = changed

    def on_refused(self, refused: Refused) -> None:
        """Name who hears of it when somebody asks for a topic that they may not follow; called once.

        Not of a topic that nobody decides about, nor when one that they followed is theirs no more.
        """
        self._refused = refused

    def on_disconnect(self, disconnect: Disconnect) -> None:
        """Whoever is disconnected here is to be disconnected there as well."""
        self._disconnects.append(disconnect)

    def publish(
        self, tenant_id: TenantId, topic: str, name: str, data: object, at: datetime, *, coalesce: bool = False
    ) -> None:
        """Tell all who follow a topic; returns at once. ``data`` is anything msgspec can encode, encoded here.

        ``coalesce``: only the latest of this name matters, so a slow client skips the ones between.
        """
        key = (tenant_id, topic)
        offset = self._memory.next_offset()
        encoded = frames.event(topic, self._memory.position(offset), name, data, at)
        frame = Frame(offset, topic, name, encoded, coalesce)
        self._memory.keep(key, frame)
        for connection in self._followers.get(key, ()):
            connection.put_frame(frame)

    def followed(self, tenant_id: TenantId, topic: str) -> bool:
        """Whether anybody follows a topic now; lets a module spare itself making what nobody sees."""
        return (tenant_id, topic) in self._followers

    def disconnect(self, tenant_id: TenantId, *, actor_id: UUID | None = None, session_id: UUID | None = None) -> None:
        """End the connections of a user or visitor, or of one session, that may not stay (signed out, blocked)."""
        if actor_id is None and session_id is None:
            raise ValueError("say whose connections")
        for connection in list(self._connections):
            if connection.principal.is_of(tenant_id, actor_id=actor_id, session_id=session_id):
                connection.close(CloseCode.NOT_SIGNED_IN)
        for disconnect in self._disconnects:
            disconnect(tenant_id, actor_id=actor_id, session_id=session_id)

    async def recheck(self, tenant_id: TenantId, topic: str) -> None:
        """Ask again for everybody who follows a topic, after what decides about it has changed."""
        self._rechecks += 1
        for connection in list(self._followers.get((tenant_id, topic), ())):
            await self._recheck(connection, topic)

    async def recheck_kind(self, tenant_id: TenantId, prefix: str) -> None:
        """As ``recheck``, for every topic ``prefix`` and ``prefix:…`` that somebody follows."""
        for followed, topic in list(self._followers):
            if followed == tenant_id and _prefix(topic) == prefix:
                await self.recheck(tenant_id, topic)

    def forget(self, tenant_id: TenantId, topic: str) -> None:
        """What was said on a topic until now is for none who come later: they fetch what they may see."""
        self._memory.forget((tenant_id, topic))

    def on_close(self, close: Callable[[], Awaitable[None]]) -> None:
        """Be told before everybody is sent away, so that it is not taken for their going."""
        self._closes.append(close)

    async def close(self) -> None:
        """Send everybody away, to come back to the next run; for an orderly end."""
        for close in self._closes:
            await close()
        for connection in list(self._connections):
            connection.close(CloseCode.RESTART)
        await asyncio.gather(*self._telling.values(), return_exceptions=True)

    def connect(self, principal: Principal) -> Connection | None:
        """Take in a client that said hello; None when this one has too many connections already."""
        who = (principal.actor.tenant_id, principal.actor.id)
        if self._per_actor[who] >= self.limits.connections_per_actor:
            return None
        self._per_actor[who] += 1
        connection = Connection(principal, self._clock, self.limits)
        self._connections.add(connection)
        connection.put(frames.welcome(self.epoch, self.limits.heartbeat_s))
        return connection

    def gone(self, connection: Connection) -> None:
        """Forget a client whose line is closed."""
        if connection not in self._connections:
            return
        self._connections.discard(connection)
        for topic in list(connection.topics):
            self._leave(connection, topic)
        who = (connection.principal.actor.tenant_id, connection.principal.actor.id)
        self._per_actor[who] -= 1
        if not self._per_actor[who]:
            del self._per_actor[who]

    async def handle(self, connection: Connection, text: str) -> None:
        """Do what one frame of a client says. Raises ``BadFrame`` when it says nothing sensible."""
        frame = frames.decode(text)
        if isinstance(frame, Sub):
            await self._subscribe(connection, frame)
        elif isinstance(frame, Unsub):
            self._leave(connection, frame.topic)
        elif isinstance(frame, Cmd):
            await self._command(connection, frame)
        elif isinstance(frame, frames.Ping):
            connection.put(frames.pong())
        else:
            raise frames.BadFrame("hello came twice")

    async def _subscribe(self, connection: Connection, frame: Sub) -> None:
        topic = frame.topic
        if len(connection.topics) >= self.limits.topics and topic not in connection.topics:
            connection.put(frames.topic_err(topic, "too-many-topics"))
            return
        rechecks = self._rechecks
        allowed = await self._allowed(connection.principal, topic)
        if not allowed:
            if allowed is False and topic not in connection.lost:
                self._tell_refused(connection.principal.actor, topic)
            connection.put(frames.topic_err(topic, "topic-refused"))
            return
        if connection not in self._connections or not connection.is_open:
            return
        key = (connection.principal.actor.tenant_id, topic)
        # Nothing is awaited from here on, so no frame falls between what was missed and what comes live.
        missed = [] if frame.after is None else self._memory.missed(key, frame.after)
        if missed is None or len(missed) > connection.room:
            connection.put(frames.reset(topic, self.position()))
        else:
            connection.put(frames.subbed(topic, self.position() if frame.after is None else frame.after))
            for item in missed:
                connection.put_frame(item)
        connection.topics.add(topic)
        followers = self._followers.setdefault(key, set())
        followers.add(connection)
        if len(followers) == 1:
            self._tell_presence(key)
        if rechecks != self._rechecks:
            # Who followed already was asked again meanwhile; the answer about this one may be older than what changed.
            await self._recheck(connection, topic)

    async def _recheck(self, connection: Connection, topic: str) -> None:
        if not await self._allowed(connection.principal, topic):
            connection.lost.add(topic)
            self._leave(connection, topic)
            connection.put(frames.topic_err(topic, "topic-refused"))

    def _tell_refused(self, actor: Actor, topic: str) -> None:
        if self._refused is not None:
            # Never the topic that was asked for, but for an id: what clients put there is anything.
            found = _ID.fullmatch(topic.partition(":")[2])
            target = None if found is None else UUID(found[0])
            self._refused(actor, f"SUBSCRIBE {_prefix(topic)}", Forbidden("topic-refused"), target)

    def _leave(self, connection: Connection, topic: str) -> None:
        key = (connection.principal.actor.tenant_id, topic)
        connection.topics.discard(topic)
        followers = self._followers.get(key)
        if followers is None or connection not in followers:
            return
        followers.discard(connection)
        if not followers:
            del self._followers[key]
            self._tell_presence(key)

    async def _allowed(self, principal: Principal, topic: str) -> bool | None:
        """Whether a topic may be followed; None when nobody could say, which is no yes either."""
        check = self._permissions.get(_prefix(topic))
        if check is None:
            return None
        try:
            return await check(principal, topic)
        except (Forbidden, NotFound):
            return False
        except DomainError:
            return None
        except Exception:
            logger.exception("the permission of topic %s could not be checked", topic)
            return None

    async def _command(self, connection: Connection, frame: Cmd) -> None:
        known = self._commands.get(frame.name)
        if known is None:
            connection.put(frames.err(frame.id, "command-unknown", {"name": frame.name}))
            return
        decoder, handler = known
        try:
            answer = frames.ok(frame.id, await handler(connection.principal, decoder.decode(frame.data)))
        except (msgspec.DecodeError, RecursionError):
            answer = frames.err(frame.id, "command-invalid", {"name": frame.name})
        except DomainError as error:
            answer = frames.err(frame.id, error.code, error.params)
        except Exception as error:
            logger.exception("command %s failed", frame.name)
            code = "internal-error" if why_unusable(error) is None else "database-unavailable"
            answer = frames.err(frame.id, code, {})
        connection.put(answer)

    def _tell_presence(self, key: Key) -> None:
        if _prefix(key[1]) in self._presence and key not in self._telling:
            task = asyncio.get_running_loop().create_task(self._tell(key), name=f"presence {key[1]}")
            self._telling[key] = task

    async def _tell(self, key: Key) -> None:
        """Tell the present state until it is the one that was told last; a quick back and forth is not told."""
        tenant_id, topic = key
        changed = self._presence[_prefix(topic)]
        try:
            while (present := key in self._followers) != self._told.get(key, False):
                self._told[key] = present
                try:
                    await changed(tenant_id, topic, present)
                except Exception:
                    logger.exception("presence on %s could not be told", topic)
        finally:
            if not self._told.get(key):
                self._told.pop(key, None)
            del self._telling[key]


def _prefix(topic: str) -> str:
    return topic.partition(":")[0]

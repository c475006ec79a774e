"""Puts the house together: the only place where a module meets what it needs.

Each domain is a method of ``Careline``, called bottom-up by ``__init__``; in it a module is one ``build``, whose
routers, sockets and parts are added right there. Nothing is started or opened by putting together, so that the command
line and the tests can do it cheaply.
"""

import logging
import os
from collections.abc import Awaitable, Callable

import msgspec
from fastapi import APIRouter
from starlette.routing import BaseRoute, WebSocketRoute

from careline.adapters.asterisk.sip_relay import SipRelay
from careline.adapters.asterisk.standby import StandbyVoice
from careline.adapters.bss.assembly import business_systems
from careline.adapters.demophone.messages import DemoMessages
from careline.adapters.oidc.assembly import external_sign_in
from careline.adapters.smsgateway.assembly import sms_gateway
from careline.adapters.speech.assembly import prompts_of
from careline.callers import Callers
from careline.infra.bus.bus import EventBus
from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.infra.database.failures import why_unusable
from careline.infra.jobs.jobs import Jobs
from careline.infra.realtime.endpoint import realtime_endpoint
from careline.infra.realtime.hub import Hub
from careline.infra.realtime.live import Live
from careline.infra.sealing import Sealing
from careline.infra.settings.settings import Settings, VoiceMode
from careline.infra.storage.space import room
from careline.infra.telemetry.load import Load
from careline.infra.web.origins import CarryingSites
from careline.kernel.clock import Clock, SystemClock
from careline.kernel.errors import DomainError, Param, Unavailable
from careline.kernel.ids import new_id
from careline.modules.care.cases import wiring as cases
from careline.modules.care.letterbox import wiring as letterbox
from careline.modules.contact.conversations import wiring as conversations
from careline.modules.contact.flows import wiring as flows
from careline.modules.contact.supervision import wiring as supervision
from careline.modules.contact.telephony import wiring as telephony
from careline.modules.contact.telephony.ports import CallOpening
from careline.modules.contact.widget import wiring as widget
from careline.modules.core.hours import wiring as hours
from careline.modules.core.routing import wiring as routing
from careline.modules.directory.customers import wiring as customers
from careline.modules.directory.identity import wiring as identity
from careline.modules.directory.identity.views import PasswordCost
from careline.modules.directory.people import wiring as people
from careline.modules.directory.privacy import wiring as privacy
from careline.modules.insight.analytics import wiring as analytics
from careline.modules.outreach.surveys import wiring as surveys

logger = logging.getLogger(__name__)


class PartState(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a part can do its work now; ``reason`` is a stable kebab-case code, ``ready`` when all is well."""

    ready: bool
    reason: str = "ready"
    params: dict[str, Param] = {}


async def _always_ready() -> PartState:
    return PartState(ready=True)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Something that runs: started in the order it was added, stopped the other way round."""

    name: str
    start: Callable[[], Awaitable[None]] | None = None
    stop: Callable[[], Awaitable[None]] | None = None
    state: Callable[[], Awaitable[PartState]] = _always_ready


class Careline:
    """One process of Careline, put together and not yet started."""

    def __init__(self, settings: Settings, clock: Clock, cost: PasswordCost) -> None:
        self.settings = settings
        self.clock = clock
        self.database = Database(settings.database_url, clock)
        self.bus = EventBus(self.database)
        self.database.on_committed(self.bus.publish)
        self.jobs = Jobs(self.database, clock)
        self.hub = Hub(clock)
        self.load = Load(clock, self.database.longest_wait)
        self.live = Live(self.bus, self.hub)
        self.routers: list[Callable[[], APIRouter]] = []  # made when there is somebody to serve
        self.sockets: list[BaseRoute] = []
        # Parts start in the order they are added and end the other way round. What modules add in their domains starts
        # before facts and timers reach them, what reaches out (voice) after those; screens are sent away first of all.
        self.parts = [Part(name="database", state=self._database_state), Part(name="disk", state=self._disk_state)]

        # The domains of docs/architecture.md, from the bottom to the top.
        self._directory(cost)
        self._core()
        self._contact()
        self._pages()
        self._insight()
        self._custodians()

        self.parts.append(Part(name="privacy", start=self._forget_again, state=self._privacy_state))
        self.parts.append(Part(name="identity", start=self.identity.start, stop=self.identity.denials.stop))
        self.parts.append(Part(name="bus", start=self.bus.start, stop=self.bus.stop, state=self._bus_state))
        self.parts.append(Part(name="jobs", start=self.jobs.start, stop=self.jobs.stop))
        self.parts.append(
            Part(name="routing", start=self._open_tenants, stop=self.routing.facade.stop, state=self._routing_state)
        )
        self.parts.append(Part(name="analytics", start=self.analytics.start, stop=self.analytics.stop))
        self.parts.append(Part(name="flows", start=self._resume_chats, stop=self.flows.facade.stop))
        self.parts.append(Part(name="speech", stop=self.speech.close, state=self._speech_state))
        self.parts.append(Part(name="calls", stop=self.telephony.leave))
        self.parts.append(Part(name="voice", start=self._begin_voice, stop=self.voice.close, state=self._voice_state))
        self.parts.append(Part(name="load", start=self.load.start, stop=self.load.stop, state=self._load_state))
        self.parts.append(Part(name="realtime", stop=self.hub.close))

    def _directory(self, cost: PasswordCost) -> None:
        sealing, external = Sealing(self.settings.seal_key), external_sign_in(self.settings, self.clock)
        self.identity = identity.build(self.database, self.clock, self.live, self.jobs, cost, sealing, external)
        self.demo_messages = DemoMessages(self.clock) if self.settings.demo else None
        copies = privacy.store_in(self.settings.files / "copies", self.settings.keys)
        self.privacy = privacy.build(self.database, self.jobs, self.identity.facade, copies, self.settings.erasures)
        self.sealing = sealing
        sender = self.demo_messages or sms_gateway(self.settings)
        self.customers = customers.build(self.database, self.jobs, self.identity.facade, sealing, sender)
        self.customers.facade.add_keeper(self.privacy.keeping)
        self.people = people.build(self.database, self.identity.facade)
        self.sites = CarryingSites(self.settings.widget_origins)
        self.callers = Callers(self.identity, self.clock, self.sites)
        self.sockets.append(realtime_endpoint(self.hub, self.callers.principal, self.clock, self.sites))
        self.routers += self.identity.routers(self.people.facade, secure=self.settings.tls_certificate is not None)
        self.routers += [self.customers.router, self.privacy.router]

    def _core(self) -> None:
        self.hours = hours.build(self.database, self.clock, self.identity.facade)
        below = routing.Below(self.identity.facade, self.people.facade, self.hours.facade)
        self.routing = routing.build(self.database, self.bus, self.clock, below, new_id())
        self.callers.routing = self.routing.facade
        self.routers += [self.hours.router, self.routing.router]

    def _contact(self) -> None:
        settings = self.settings
        self.speech = prompts_of(settings, self.clock)
        self.voice = StandbyVoice(settings, self.clock, self.speech.render)
        directory = self.customers.facade, self.routing.facade, self.identity.facade
        opening = conversations.build_opening(self.database, *directory)
        unsealed = settings.data / "voice" / "unsealed"
        self.vault = telephony.vault_in(self.database, settings.files / "recordings", unsealed, settings.keys)
        self.telephony = self._telephony(opening)
        self.storage = conversations.storage_in(settings.files / "conversations", settings.keys)
        self.conversations = conversations.build(
            self.database,
            self.bus,
            self.live,
            self.jobs,
            self.clock,
            opening,
            conversations.Below(self.identity.facade, self.customers.facade, self.people.facade, self.routing.facade),
            self.telephony.facade,
            surveys.build_scores(self.database),
            self.load,
            self.storage,
        )
        self.sockets.append(self.conversations.files)
        self.callers.visitors = self.conversations.facade
        self._flows()
        below_floor = supervision.Below(self.identity.facade, self.routing.facade, self.conversations.facade)
        self.supervision = supervision.build(self.database, self.bus, below_floor)
        relay = SipRelay(lambda: self.voice.http_url, self.callers.phone, self.clock, self.telephony.lines)
        self.hub.on_disconnect(relay.disconnect)
        self.hub.on_close(self.telephony.lines.stop)  # the lines of phones go with the pages, and no talk with those
        self.callers.know_phones(self.people.facade, self.telephony.facade, demo=settings.demo)
        self.sockets.append(WebSocketRoute("/sip", relay))
        # Routes are tried one after another, and chat messages are by far the most requests.
        self.routers.insert(0, self.conversations.router)
        self.routers += [
            self.telephony.router,
            self.telephony.numbers_router,
            self.surveys.router,
            self.flows.router,
            self.supervision.router,
        ]
        if settings.demo:
            self.routers.append(self.telephony.demo_router)

    def _telephony(self, opening: CallOpening) -> telephony.TelephonyModule:
        below = telephony.Below(
            self.routing.facade, self.people.facade, self.identity.facade, self.hours.facade, self.customers.facade
        )
        return telephony.build(
            self.database,
            self.bus,
            self.clock,
            self.voice,
            opening,
            below,
            self.vault,
            self.jobs,
            self.load,
            lambda tenant_id: self.flows.facade.in_force(tenant_id),
        )

    def _flows(self) -> None:
        """With the modules above them that bring steps."""
        self.surveys = surveys.build(self.database, self.conversations.facade)
        self._care()
        steps = {**self.surveys.steps, **self.letterbox.steps}
        below = flows.Below(
            self.conversations.facade,
            self.telephony.facade,
            self.routing.facade,
            self.customers.facade,
            self.identity.facade,
            self.hours.facade,
        )
        outside = flows.Outside(speech=self.speech, systems=business_systems(self.settings), sealing=self.sealing)
        self.flows = flows.build(self.database, self.bus, self.jobs, self.clock, below, outside, steps)

    def _pages(self) -> None:
        self.widget = widget.build(self.database, self.bus, self.identity.facade, self.sites)
        self.parts.append(Part(name="widget", start=self.widget.start))
        self.routers.append(self.widget.router)

    def _care(self) -> None:
        below = cases.Below(self.identity.facade, self.customers.facade, self.people.facade, self.conversations.facade)
        self.cases = cases.build(self.database, self.live, below)
        care = letterbox.Below(self.identity.facade, self.routing.facade, self.conversations.facade, self.cases.facade)
        self.letterbox = letterbox.build(self.database, self.bus, self.jobs, care)
        sealed = cases.build_sealed(self.database, self.sealing, self.identity.facade, self.privacy.facade)
        self.routers += [self.cases.router, sealed, self.letterbox.router]

    def _insight(self) -> None:
        below = analytics.Below(self.identity.facade, self.people.facade, self.routing.facade)
        self.analytics = analytics.build(self.database, self.bus, self.live, self.clock, below)
        self.routers.append(self.analytics.router)

    def _custodians(self) -> None:
        """Who keeps personal data of customers, from the bottom up; a test walks the tables for what nobody names."""
        records = customers.build_custody(self.database)
        contacts = conversations.build_custody(self.database, self.storage, self.hub)
        self.privacy.know(
            records,
            contacts,
            records,
            telephony.build_custody(self.database, self.vault),
            contacts,
            cases.build_custody(self.database, self.sealing),
            letterbox.build_custody(self.database),
            surveys.build_custody(self.database),
        )

    async def _forget_again(self) -> None:
        await self.privacy.facade.apply_again()

    async def _privacy_state(self) -> PartState:
        """Always ready: what has to go and does not is no reason to take the desks away."""
        stuck = await self.privacy.facade.stuck()
        if stuck.total == 0:
            return PartState(ready=True)
        params: dict[str, Param] = {"copies": stuck.copies, "erasures": stuck.erasures, "kept": stuck.kept}
        return PartState(ready=True, reason="data-requests-stuck", params=params)

    async def _open_tenants(self) -> None:
        for tenant in await self.identity.facade.tenants():
            await self.routing.facade.open_tenant(tenant.id)

    async def _bus_state(self) -> PartState:
        """Always ready: one part behind is no reason to take desks and phones away."""
        for stuck in self.bus.held_up():
            params: dict[str, Param] = {"subscriber": stuck.subscriber, "unfinished": stuck.unfinished}
            return PartState(ready=True, reason="events-held-up", params=params)
        return PartState(ready=True)

    async def _routing_state(self) -> PartState:
        lost = self.routing.facade.is_lost()
        return PartState(ready=False, reason="routing-moved") if lost else PartState(ready=True)

    async def _resume_chats(self) -> None:
        for tenant in await self.identity.facade.tenants():
            await self.flows.facade.resume_chats(tenant.id)

    async def _begin_voice(self) -> None:
        self.voice.begin(self.telephony.listener)

    async def _speech_state(self) -> PartState:
        """Always ready: where one voice fails the next one speaks, and who cannot be spoken to is put through."""
        for failing in self.speech.failing:
            params: dict[str, Param] = {"voice": failing.voice, "times": failing.times}
            last = failing.voice == self.speech.voices[-1]
            return PartState(ready=True, reason="prompts-not-spoken" if last else "voice-replaced", params=params)
        return PartState(ready=True)

    async def _load_state(self) -> PartState:
        """Always ready: who is inside is served, and a balancer must not take the desks away."""
        params: dict[str, Param] = {
            "delay_ms": round(self.load.delay_s * 1000),
            "turned_away": self.load.turned_away,
        }
        return PartState(ready=True, reason="overloaded" if self.load.is_high else "ready", params=params)

    async def _voice_state(self) -> PartState:
        if self.settings.voice is VoiceMode.OFF:
            return PartState(ready=True, reason="voice-off")
        reason = self.voice.reason or self.telephony.listener.down_because
        if reason is None:
            return PartState(ready=True)
        return PartState(
            ready=False, reason=self.voice.reason or "voice-link-down", params={"detail": self.voice.detail}
        )

    async def migrate(self) -> tuple[str | None, str]:
        """Bring the tables to what this version needs; the revision before and after.

        Raises ``Unavailable`` ("database-too-new") and touches nothing when a newer version was here.
        """
        return await schema.migrate(self.database)

    async def start(self) -> None:
        """Start every part in order. When one fails, those that run already are stopped again."""
        started: list[Part] = []
        try:
            for part in self.parts:
                if part.start is not None:
                    await part.start()
                started.append(part)
        except BaseException:
            await _stop(started)
            raise

    async def stop(self) -> None:
        """Stop every part, the last one first, and close what was opened."""
        await _stop(self.parts)
        await self.close()

    async def close(self) -> None:
        """Close what putting together and looking may have opened; for whoever did not start."""
        self.identity.facade.close()
        await self.database.close()

    async def states(self) -> dict[str, PartState]:
        """How each part is, by name. A part that fails to say so is not ready."""
        found = {}
        for part in self.parts:
            try:
                found[part.name] = await part.state()
            except Exception as error:
                logger.exception("part %s could not tell its state", part.name)
                reason = "state-unknown" if why_unusable(error) is None else "database-not-answering"
                found[part.name] = PartState(ready=False, reason=reason)
        return found

    async def _disk_state(self) -> PartState:
        """Ready while anything can be kept: a warning takes no desk away."""
        reason, free = room(self.settings.data)
        return PartState(
            ready=reason in (None, "disk-nearly-full"), reason=reason or "ready", params={"free_mib": free}
        )

    async def _database_state(self) -> PartState:
        try:
            await schema.check(self.database)
        except DomainError as refusal:
            return PartState(ready=False, reason=refusal.code, params=refusal.params)
        except Exception:
            logger.exception("the database does not answer")
            return PartState(ready=False, reason="database-not-answering")
        return PartState(ready=True)


async def build(settings: Settings, *, clock: Clock | None = None, cost: PasswordCost | None = None) -> Careline:
    """Put one process together. Nothing is opened or started yet."""
    return Careline(settings, clock or SystemClock(), cost or PasswordCost())


def prepare_data_folder(settings: Settings) -> None:
    """Make the data folder, ours alone. Raises ``Unavailable`` ("data-folder-not-writable") when it cannot be used."""
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable("data-folder-not-writable", path=str(settings.data), why=error.strerror or "") from None
    if not settings.data.is_dir() or not os.access(settings.data, os.W_OK | os.X_OK):
        raise Unavailable("data-folder-not-writable", path=str(settings.data), why="no permission to write there")


async def _stop(parts: list[Part]) -> None:
    for part in reversed(parts):
        if part.stop is None:
            continue
        try:
            await part.stop()
        except Exception:
            # The others have to be stopped all the same; the process is ending anyway.
            logger.exception("part %s did not stop in order", part.name)

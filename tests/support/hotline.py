"""Telephony over routing on a real database, with a voice engine that the test plays. No flow: the test is the flow."""

from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

from careline.infra.database.transaction import Transaction
from careline.infra.telemetry.load import Load
from careline.kernel.errors import Forbidden
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.telephony.facade import Telephony
from careline.modules.contact.telephony.ports import LiveSnapshot
from careline.modules.contact.telephony.services.arrival import Arrivals
from careline.modules.contact.telephony.services.call_events import EngineListener
from careline.modules.contact.telephony.services.control import CallControl
from careline.modules.contact.telephony.services.entries import Entries
from careline.modules.contact.telephony.services.holding import Holding
from careline.modules.contact.telephony.services.lines import Lines
from careline.modules.contact.telephony.services.numbers import Numbers
from careline.modules.contact.telephony.services.owed import Owed
from careline.modules.contact.telephony.services.passing import Passing
from careline.modules.contact.telephony.services.reconciling import Reconciler
from careline.modules.contact.telephony.services.recording import Recorder
from careline.modules.contact.telephony.services.ringing import Ringing, rings
from careline.modules.contact.telephony.services.sessions import CallSessions
from careline.modules.contact.telephony.services.softphones import Softphones
from careline.modules.contact.telephony.views import CallView, FlowChoice
from careline.modules.contact.telephony.wiring import vault_in
from careline.modules.core.routing.events import OfferEnded, OfferMade
from careline.modules.core.routing.views import Media, NewItem
from careline.modules.directory.customers.rules import normal_number
from careline.modules.directory.customers.views import Level
from careline.modules.directory.people.events import AgentChanged
from careline.modules.directory.people.facade import People
from tests.support.centre import FAULTS, Centre
from tests.support.fake_voice import FakeCaller, FakePhone, FakeVoice

NUMBER = "10086"


class Opening:
    """Stands for conversations: joins the transaction of an arrival, and can refuse it."""

    def __init__(self) -> None:
        self.calls: list[CallView] = []
        self.refuses = False
        self.out_of_reach: set[UUID] = set()

    async def check_reach(self, actor: Actor, permission: str, call_id: UUID) -> None:
        if call_id in self.out_of_reach:
            raise Forbidden("outside-your-scope", permission=permission)

    async def call_opened(self, tx: Transaction, call: CallView) -> None:
        if self.refuses:
            raise RuntimeError("the interaction could not be written")
        self.calls.append(call)


class KnownCustomers:
    """Stands for customers: ``levels`` is what is known, by number."""

    def __init__(self) -> None:
        self.levels: dict[str, str] = {}

    def normal_number(self, text: str) -> str | None:
        return normal_number(text)

    async def by_msisdn(self, _tenant_id: TenantId, number: str) -> SimpleNamespace | None:
        level = self.levels.get(number)
        return None if level is None else SimpleNamespace(level=Level(level))


class Audit:
    """Stands for identity: ``told`` is what was audited."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def audit(self, _tx: Transaction, _actor: Actor, action: str, *_more: object) -> None:
        self.told.append(action)


class Hotline:
    """One process's telephony. Make another one over the same centre and voice to play a restart."""

    def __init__(self, centre: Centre, voice: FakeVoice, recordings: Path) -> None:
        self.recordings = recordings
        self.vault = vault_in(centre.database, recordings, recordings / "plain", recordings / "keys")
        self.centre = centre
        self.voice = voice
        self.opening = Opening()
        self.sessions = CallSessions()
        database, routing = centre.database, centre.routing
        self.recorder = Recorder(database, voice, self.sessions, self.vault)
        self.owed = Owed()
        self.load = Load(centre.clock, centre.database.longest_wait)
        self.customers = KnownCustomers()
        self.entries = Entries(database, centre.hours, self.customers)  # type: ignore[arg-type]
        self.audit = Audit()
        self.numbers = Numbers(
            database,
            self.audit,  # type: ignore[arg-type]
            centre.hours,  # type: ignore[arg-type]
            self.customers,  # type: ignore[arg-type]
            self.flows,
            self.entries,
        )
        kept = self.recorder, self.load, self.entries, self.owed
        self.arrivals = Arrivals(database, voice, routing, self.opening, self.sessions, *kept)
        people: People = centre.people  # type: ignore[assignment]
        self.lines = Lines(voice, people, self.sessions)
        passing = Passing(database, voice, self.sessions, self.recorder)
        doing = self.recorder, self.lines, self.owed, passing
        ringing = Ringing(database, voice, routing, people, self.sessions, *doing)
        self.softphones = Softphones(voice)
        reconciler = Reconciler(database, centre.clock, voice, routing, self.sessions, self.arrivals, self.recorder)
        self.listener = EngineListener(self.sessions, self.arrivals, ringing, reconciler, self.softphones)
        self.telephony = Telephony(
            database,
            CallControl(voice, self.sessions),
            self.numbers,
            self.recorder,
            self.softphones,
            Holding(database, voice, self.sessions),
            passing,
        )
        centre.bus.subscribe(
            "telephony.rings-agents",
            (OfferMade, OfferEnded),
            ringing.offer_changed,
            key=lambda event, _: event.interaction_id,
            wanted=rings,
            durable=False,
        )
        centre.bus.subscribe("telephony.forgets-endpoints", AgentChanged, ringing.agent_changed, durable=False)

    async def flows(self, _tenant_id: TenantId) -> list[FlowChoice]:
        return [FlowChoice(code=code, name=code) for code in ("hotline", "night", "important")]

    async def add_number(self) -> None:
        async with self.centre.database.transaction(self.centre.tenant_id) as tx:
            await self.telephony.add_number(tx, NUMBER, "hotline")

    async def start(self) -> "Hotline":
        await self.voice.start(self.listener)
        return self

    async def queue(self, call_id: UUID, *, record: bool = False) -> NewItem:
        """What a flow's enqueue step does."""
        item = NewItem(
            id=new_id(),
            interaction_id=call_id,
            media=Media.VOICE,
            queue=FAULTS,
            enqueued_at=self.centre.clock.now(),
        )
        async with self.centre.database.transaction(self.centre.tenant_id) as tx:
            if record:
                await self.telephony.allow_recording(tx, call_id)
            await self.centre.routing.enqueue(tx, item)
        await self.settled()
        return item

    async def settled(self) -> None:
        """Until nothing is on its way any more, nor anything that it caused."""
        centre = self.centre
        while True:
            await centre.settled()
            await self.voice.settle()
            await self.recorder.settled()
            if not (self.voice._tasks or centre.shards._tasks or centre.bus._tasks):
                return


async def talking(hotline: Hotline, phone: FakePhone, *, record: bool = False) -> FakeCaller:
    """A caller who talks with 8021."""
    caller = await hotline.voice.call(NUMBER, caller_number="13812346021")
    call = hotline.opening.calls[-1]
    await hotline.telephony.answer(call.id)
    await hotline.centre.ready(hotline.centre.people.known[0])
    await hotline.queue(call.id, record=record)
    await phone.rings()
    await phone.answer()
    await hotline.settled()
    assert caller.talks_to
    return caller


def nothing_left(snapshot: LiveSnapshot) -> bool:
    """No leg and no bridge is held."""
    return not snapshot.legs and not snapshot.bridges

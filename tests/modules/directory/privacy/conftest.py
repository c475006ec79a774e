"""The whole house, not started, on a database of each kind, with two customers of whom everything is kept."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from careline.bootstrap import Careline, build
from careline.infra.database.transaction import Transaction
from careline.infra.database.types import Base
from careline.infra.settings.settings import Settings, load
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, ActorKind, TenantId, system_actor
from careline.modules.care.cases.models import CaseHistoryRow, CaseRow
from careline.modules.care.letterbox.models import LetterRow
from careline.modules.contact.conversations.models import (
    ConversationRow,
    FileRow,
    InteractionRow,
    MessageRow,
    NoteRow,
    SegmentRow,
    TransferRow,
    VisitorRow,
)
from careline.modules.contact.telephony.models import CallRow, RecordingRow
from careline.modules.directory.customers.models import (
    AssuranceProofRow,
    OneTimeCodeRow,
    PasswordFormRow,
    ServicePasswordRow,
)
from careline.modules.directory.customers.views import (
    Brand,
    ConsentBasis,
    ConsentPurpose,
    ConsentWay,
    ContactKind,
    CustomerView,
    NewBillingAccount,
    NewConsent,
    NewContactPoint,
    NewCustomer,
    NewSubscription,
    PayKind,
)
from careline.modules.directory.identity.models import UserRow
from careline.modules.directory.identity.views import NewTenant, NewUser, TenantView
from careline.modules.outreach.surveys.models import RatingRow
from tests.support.clock import FakeClock
from tests.support.house import CHEAP, PASSWORD

ALL = frozenset({"customer:read", "customer:write", "customer:reveal", "data-request:read"}) | {
    "data-request:download",
    "recording:listen",
}


@dataclass
class Kept:
    """What was stored of one person; ``words`` are all personal values, each like no other."""

    customer: CustomerView
    contacts: list[UUID] = field(default_factory=list)
    conversation: UUID = field(default_factory=new_id)
    files: list[UUID] = field(default_factory=list)
    recording: Path = Path()
    words: list[str] = field(default_factory=list)


@dataclass
class Centre:
    """``asks`` works for customers, ``decides`` is another person."""

    careline: Careline
    clock: FakeClock
    tenant: TenantView
    asks: Actor
    decides: Actor

    async def work(self) -> None:
        """Do all that is due now."""
        await self.careline.jobs.run_due()

    async def everything(self, tenant_id: TenantId | None = None) -> str:
        """Every row of every table but the log of jobs, as one text."""
        found = []
        async with self.careline.database.system_reading() as reading:
            for table in Base.metadata.sorted_tables:
                statement = select(table)
                if tenant_id is not None and "tenant_id" in table.columns:
                    statement = statement.where(table.c.tenant_id == tenant_id)
                found += [f"{table.name}: {row!r}" for row in (await reading.execute(statement)).all()]
        return "\n".join(sorted(found))

    async def count(self, table: Any, *where: Any) -> int:
        async with self.careline.database.system_reading() as reading:
            return len((await reading.execute(select(table.__table__).where(*where))).all())

    async def seed(self, name: str, number: str, *, complaint: bool = False) -> Kept:
        """Something of everything that can be kept of somebody, all of it over."""
        facade, system = self.careline.customers.facade, system_actor(self.tenant.id)
        said = [
            f"{name}{word}"
            for word in ("的地址", "的邮箱", "备注", "同意", "家人", "说的话", "收到", "内部", "转接", "小结")
        ]
        account = NewBillingAccount(name=f"{name}的账户", pay_kind=PayKind.POSTPAID)
        line = NewSubscription(msisdn=number, brand=Brand.EASY_OWN, plan="套餐", used_by=said[4])
        points = (NewContactPoint(kind=ContactKind.ADDRESS, value=said[0]),)
        customer = await facade.register(
            system,
            NewCustomer(
                name=name, since=date(2011, 1, 2), accounts=(account,), subscriptions=(line,), contact_points=points
            ),
        )
        await facade.write_note(self.asks, customer.id, said[2])
        await facade.record_consent(
            self.asks,
            customer.id,
            NewConsent(
                purpose=ConsentPurpose.MARKETING,
                given=True,
                basis=ConsentBasis.CONSENT,
                how=ConsentWay.CALL,
                proof=said[3],
            ),
        )
        kept = Kept(customer=customer, words=[*said[:1], *said[2:], name, number, account.name])
        await self._contacts(kept, number, said, complaint=complaint)
        return kept

    async def _contacts(self, kept: Kept, number: str, said: list[str], *, complaint: bool) -> None:
        chat, call, file_id = new_id(), new_id(), new_id()
        kept.contacts, kept.files = [chat, call], [file_id]
        recording_id = new_id()
        self.careline.vault.place(self.tenant.id, recording_id).write_bytes(b"RIFF" * 100)
        assert await self.careline.vault.seal(self.tenant.id, recording_id)
        name = str(recording_id)
        folder = self.careline.settings.files / "recordings" / str(self.tenant.id)
        kept.recording = folder / name[-2:] / f"{name}.sealed"
        assert kept.recording.exists()
        async with self.careline.storage.store.incoming(self.tenant.id, file_id) as incoming:
            await incoming.write(b"a picture")
            await incoming.keep()
        async with self.careline.database.transaction(self.tenant.id) as tx:
            store = Storing(tx, kept, number, said)
            await store.contacts()
            await store.words(file_id)
            await store.call(recording_id)
            await store.work("complaint" if complaint else "fault")


class Storing:
    """Writes rows as the modules would."""

    def __init__(self, tx: Transaction, kept: Kept, number: str, said: list[str]) -> None:
        self.tx, self.kept, self.number, self.said = tx, kept, number, said
        self.of: dict[str, Any] = {"tenant_id": tx.tenant_id}
        self.mine: dict[str, Any] = self.of | {"customer_id": kept.customer.id}

    async def put(self, table: Any, **values: Any) -> None:
        await self.tx.execute(insert(table).values(values))

    async def contacts(self) -> None:
        now, thread = self.tx.now, self.kept.conversation
        await self.put(ConversationRow, id=thread, last_seq=2, created_at=now, **self.mine)
        who = {"token_hash": str(new_id()), "name": self.said[1], "number": self.number, "locale": "zh-CN"}
        when = {"created_at": now, "expires_at": now + timedelta(days=7)}
        await self.put(VisitorRow, id=new_id(), conversation_id=thread, **who, **when, **self.mine)
        over = {"state": "closed", "conversation_id": thread, "opened_at": now, "closed_at": now}
        levels = (("webchat", "one_time_code"), ("voice", "caller_number"))
        for one, (channel, assurance) in zip(self.kept.contacts, levels, strict=True):
            what = {"channel": channel, "assurance": assurance, "number": self.number, "note": self.said[9]}
            await self.put(InteractionRow, id=one, **what, **over, **self.mine)

    async def words(self, file_id: UUID) -> None:
        now, thread, chat, said = self.tx.now, self.kept.conversation, self.kept.contacts[0], self.said
        here = {"conversation_id": thread, "interaction_id": chat, "at": now, **self.of}
        text = {"author": "customer", "author_id": chat, "client_id": new_id(), "kind": "text", "text": said[5]}
        await self.put(MessageRow, seq=1, id=new_id(), **text, **here)
        picture = {"author": "agent", "kind": "picture", "text": f"{said[6]}.png", "params": {"id": str(file_id)}}
        await self.put(MessageRow, seq=2, id=new_id(), **picture, **here)
        await self.put(FileRow, id=file_id, conversation_id=thread, seq=2, size=9, stored_at=now, **self.of)
        note = {"author_id": new_id(), "client_id": new_id(), "text": said[7], "mentions": []}
        await self.put(NoteRow, id=new_id(), **note, **here)
        talk = {"interaction_id": chat, "kind": "talk", "started_at": now, "note": said[9]}
        await self.put(SegmentRow, id=new_id(), **talk, **self.of)
        passed = {"interaction_id": chat, "from_agent_id": new_id(), "to_queue_id": new_id(), "note": said[8]}
        await self.put(TransferRow, id=new_id(), begun_at=now, taken_over=False, **passed, **self.of)

    async def call(self, recording_id: UUID) -> None:
        now, call = self.tx.now, self.kept.contacts[1]
        called = {"node": "n", "caller_leg": "l", "called_number": "10086", "entry_flow": "hotline", "state": "ended"}
        await self.put(CallRow, id=call, caller_number=self.number, arrived_at=now, **called, **self.of)
        times = {"started_at": now, "ended_at": now}
        await self.put(RecordingRow, id=recording_id, call_id=call, state="done", **times, **self.of)

    async def work(self, kind: str) -> None:
        now, chat, case, said = self.tx.now, self.kept.contacts[0], new_id(), self.said
        about = {"number": f"GD-{case}", "type": kind, "title": said[5], "text": said[6], "state": "closed"}
        times = {"created_at": now, "changed_at": now}
        await self.put(CaseRow, id=case, interaction_id=chat, version=1, **about, **times, **self.mine)
        await self.put(CaseHistoryRow, id=new_id(), case_id=case, kind="commented", text=said[7], at=now, **self.of)
        asked = {"queue": "q", "because": "closed", "consent": "好", "language": "zh-CN", "asked_at": now}
        left = {"digest": said[5], "reach_kind": "phone", "reach": self.number, "case_id": case, "left_at": now}
        thread = self.kept.conversation
        await self.put(LetterRow, interaction_id=chat, conversation_id=thread, **asked, **left, **self.of)
        rated = {"channel": "webchat", "score": 2, "comment": said[6], "rated_at": now}
        await self.put(RatingRow, interaction_id=chat, **rated, **self.of)
        line = self.kept.customer.subscriptions[0].id
        sent = {"code_hash": "x", "tries": 0, "sent_at": now, "expires_at": now}
        await self.put(OneTimeCodeRow, id=new_id(), subscription_id=line, interaction_id=chat, **sent, **self.mine)
        password = {"subscription_id": line, "sealed_hash": f"{self.said[0]}口令", "set_at": now}
        await self.put(ServicePasswordRow, **password, **self.of)
        form = {"subscription_id": line, "purpose": "check", "asked_by": new_id(), "asked_at": now, "tries": 0}
        await self.put(PasswordFormRow, id=new_id(), interaction_id=chat, expires_at=now, **form, **self.of)
        proof = {"proof": "code", "passed": True, "level": "one_time_code", "detail": {}, "at": now}
        await self.put(AssuranceProofRow, id=new_id(), interaction_id=chat, **proof, **self.mine)


def settings_at(data: Path, database_url: str) -> Settings:
    found = {"CARELINE_DATA": str(data), "CARELINE_DATABASE_URL": database_url, "CARELINE_VOICE": "off"}
    return load(found | {"CARELINE_ERASURES": os.environ.get("CARELINE_ERASURES", "")})


@asynccontextmanager
async def opened(settings: Settings, clock: FakeClock) -> AsyncIterator[Centre]:
    """The house over a database, with the tenant and its two people, made when they are not there."""
    careline = await build(settings, clock=clock, cost=CHEAP)
    # The others have nothing to do here, and there are many.
    careline.jobs._kinds = {kind: how for kind, how in careline.jobs._kinds.items() if kind.startswith("privacy.")}
    identity = careline.identity.facade
    try:
        tenant = await identity.tenant_by_code("demo")
        if tenant is None:
            tenant = await identity.found_tenant(NewTenant(code="demo", name="示例移动"))
            for login in ("8001", "guard"):
                new = NewUser(login=login, display_name=login, password=PASSWORD, roles=("agent",))
                await identity.create_user(system_actor(tenant.id), new)
        async with careline.database.system_reading() as reading:
            found = (await reading.execute(select(UserRow.id).order_by(UserRow.login))).scalars()
        people = [Actor(tenant_id=tenant.id, kind=ActorKind.USER, id=one, permissions=ALL) for one in found]
        yield Centre(careline, clock, tenant, *people)
    finally:
        await careline.close()


@pytest.fixture
async def centre(database_url: str, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Centre]:
    async with opened(settings_at(tmp_path / "var", database_url), clock) as centre:
        yield centre

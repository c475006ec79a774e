"""The copy of one's data: all of it, nobody else's, for a while, and each time it is taken is written down."""

import asyncio
import io
import json
import zipfile
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from careline.kernel.errors import Forbidden, Invalid, NotFound, TooMany
from careline.kernel.ids import new_id
from careline.kernel.tenancy import system_actor
from careline.modules.contact.conversations.models import ConversationRow, InteractionRow, MessageRow
from careline.modules.contact.conversations.services import custody
from careline.modules.directory.identity.models import AuditEntryRow
from careline.modules.directory.identity.permissions import Scope
from careline.modules.directory.privacy.services import copies
from careline.modules.directory.privacy.views import Refusal, RequestKind, RequestState, RulesView
from tests.modules.directory.privacy.conftest import Centre, Kept


async def asked(centre: Centre, kept: Kept) -> UUID:
    shown = await centre.careline.privacy.facade.ask(centre.asks, RequestKind.EXPORT, kept.customer.id, "real_name")
    return shown.request.id


async def taken(centre: Centre, request_id: UUID) -> zipfile.ZipFile:
    copy, content = await centre.careline.privacy.facade.copy(centre.asks, request_id)
    whole = b"".join([part async for part in content])
    assert len(whole) == copy.size
    return zipfile.ZipFile(io.BytesIO(whole))


def read(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


async def test_it_holds_all_and_nobody_else(centre: Centre) -> None:
    wang, other = await centre.seed("王小敏", "13812346021"), await centre.seed("李雷", "13900000002")
    request_id = await asked(centre, wang)
    shown = await centre.careline.privacy.facade.one(centre.asks, request_id)
    assert (shown.request.state, shown.request.copy) == (RequestState.RUNNING, None)
    with pytest.raises(NotFound, match="data-copy-gone"):
        await centre.careline.privacy.facade.copy(centre.asks, request_id)

    await centre.work()

    archive = await taken(centre, request_id)
    assert archive.testzip() is None
    told = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    of_others = {f"王小敏{word}" for word in ("的邮箱", "家人")}  # what is not stored, and who uses the line: masked
    assert [word for word in wang.words if word not in told and word not in of_others] == []
    assert [word for word in other.words if word in told] == []
    assert "王小敏家人" not in told
    assert read(archive, "customers/profile.json")[0]["name"] == "王小敏"
    assert [one["text"] for one in read(archive, "conversations/messages.json")] == ["王小敏说的话", "王小敏收到.png"]
    (sent,) = wang.files
    assert archive.read(f"conversations/files/{sent}.png") == b"a picture"
    about = read(archive, "about.json")
    assert about["contents"]["conversations/messages"] == 2
    assert any(name.startswith("telephony/recordings/") and name.endswith(".wav") for name in archive.namelist())


async def test_where_nobody_proved_who_spoke_words_are_left_out(centre: Centre) -> None:
    """Whoever claims a number in a chat is taken for its owner; the owner is not handed what a stranger wrote."""
    wang = await centre.seed("王小敏", "13812346021")
    async with centre.careline.database.transaction(centre.tenant.id) as tx:
        doubtful = update(InteractionRow).where(InteractionRow.id == wang.contacts[0])
        await tx.execute(doubtful.values(assurance="claimed"))
    request_id = await asked(centre, wang)
    await centre.work()
    archive = await taken(centre, request_id)
    assert "conversations/messages.json" not in archive.namelist()
    contacts = {one["id"]: one for one in read(archive, "conversations/contacts.json")}
    assert [contacts[str(one)]["left_out"] for one in wang.contacts] == [True, False]
    assert "note" not in contacts[str(wang.contacts[0])]
    assert read(archive, "about.json")["left_out"]["unproven_contacts"] == 1


async def test_what_a_stranger_left_under_somebodys_number_is_not_handed_to_them(centre: Centre) -> None:
    """A message left in a chat with a claimed number is a case of the number's owner, and its visitor is taken for
    them; another contact, a call, was really theirs."""
    wang = await centre.seed("王小敏", "13812346021")
    chat, call = wang.contacts
    async with centre.careline.database.transaction(centre.tenant.id) as tx:
        await tx.execute(update(InteractionRow).where(InteractionRow.id == chat).values(assurance="claimed"))
        of_the_call = {"id": new_id(), "tenant_id": tx.tenant_id, "last_seq": 0, "created_at": tx.now}
        await tx.execute(insert(ConversationRow).values(of_the_call))
        moved = update(InteractionRow).where(InteractionRow.id == call)
        await tx.execute(moved.values(conversation_id=of_the_call["id"]))
    request_id = await asked(centre, wang)
    await centre.work()
    archive = await taken(centre, request_id)
    told = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    written = [f"王小敏{word}" for word in ("的邮箱", "说的话", "收到", "内部", "转接")]
    assert [word for word in written if word in told] == []
    assert "conversations/visitors.json" not in archive.namelist()
    (case,) = read(archive, "cases/cases.json")
    assert (case["left_out"], case["type"], "text" in case, "history" in case) == (True, "fault", False, False)
    assert "王小敏小结" in told, "what was noted of the call is theirs"


async def test_a_file_that_is_gone_or_damaged_does_not_hold_up_the_rest(centre: Centre) -> None:
    wang = await centre.seed("王小敏", "13812346021")
    (sent,) = (centre.careline.settings.files / "conversations").rglob("*.sealed")
    whole = sent.read_bytes()
    for content in (None, whole[:-1] + bytes([whole[-1] ^ 1])):
        sent.unlink(missing_ok=True)
        if content is not None:
            sent.write_bytes(content)
        request_id = await asked(centre, wang)
        await centre.work()
        archive = await taken(centre, request_id)
        assert next(one["text"] for one in read(archive, "conversations/messages.json")) == "王小敏说的话"
        unreadable = f"conversations/files/{wang.files[0]}.png"
        assert read(archive, "about.json")["left_out"]["unreadable_files"] == [unreadable]


async def test_a_long_thread_is_read_bit_by_bit_and_only_what_is_theirs(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custody, "READ_AT_ONCE", 3)
    wang, other = await centre.seed("王小敏", "13812346021"), await centre.seed("李雷", "13900000002")
    async with centre.careline.database.transaction(centre.tenant.id) as tx:
        for seq in range(3, 12):
            by = wang if seq % 2 else other
            said = {"author": "customer", "kind": "text", "text": f"{by.customer.id} {seq}", "at": tx.now}
            here = {"conversation_id": wang.conversation, "interaction_id": by.contacts[0], "tenant_id": tx.tenant_id}
            await tx.execute(insert(MessageRow).values(id=new_id(), seq=seq, **said, **here))
    request_id = await asked(centre, wang)
    await centre.work()
    archive = await taken(centre, request_id)
    found = [one["text"] for one in read(archive, "conversations/messages.json")]
    assert found[2:] == [f"{wang.customer.id} {seq}" for seq in range(3, 12, 2)]
    assert str(other.customer.id) not in "".join(found)


async def test_each_time_it_is_taken_stands_in_the_audit(centre: Centre) -> None:
    wang = await centre.seed("王小敏", "13812346021")
    request_id = await asked(centre, wang)
    await centre.work()
    for _ in range(2):
        await taken(centre, request_id)
    narrow = {"agent": Scope.DEPARTMENT}
    assert centre.decides.id is not None
    await centre.careline.identity.facade.set_roles(system_actor(centre.tenant.id), centre.decides.id, narrow)
    with pytest.raises(Forbidden, match="outside-your-scope"):
        await centre.careline.privacy.facade.copy(centre.decides, request_id)
    for person, may in ((centre.asks, True), (centre.decides, False)):
        assert (await centre.careline.privacy.facade.one(person, request_id)).takeable is may
    async with centre.careline.database.reading(centre.tenant.id) as reading:
        statement = (
            select(AuditEntryRow.action).where(AuditEntryRow.subject == str(request_id)).order_by(AuditEntryRow.seq)
        )
        actions = list((await reading.execute(statement)).scalars())
    assert actions == ["data-request.asked", "data-request.copy-made", *["data-request.copy-taken"] * 2]


async def test_it_goes_after_its_time_and_with_its_person(centre: Centre) -> None:
    wang, other = await centre.seed("王小敏", "13812346021"), await centre.seed("李雷", "13900000002")
    privacy = centre.careline.privacy.facade
    first, second = await asked(centre, wang), await asked(centre, other)
    await centre.work()
    assert len(list((centre.careline.settings.files / "copies").rglob("*.sealed"))) == 2
    erasure = (await privacy.ask(centre.asks, RequestKind.ERASURE, wang.customer.id, "real_name")).request
    await privacy.approve(centre.decides, erasure.id, 1)
    await centre.work()
    for request_id, state in ((first, RequestState.EXPIRED), (second, RequestState.READY)):
        assert (await privacy.one(centre.asks, request_id)).request.state is state
    with pytest.raises(NotFound, match="data-copy-gone"):
        await privacy.copy(centre.asks, first)
    assert len(list((centre.careline.settings.files / "copies").rglob("*.sealed"))) == 1
    centre.clock.advance(days=7)
    with pytest.raises(NotFound, match="data-copy-gone"):
        await privacy.copy(centre.asks, second)
    await centre.work()
    assert (await privacy.one(centre.asks, second)).request.state is RequestState.EXPIRED
    assert list((centre.careline.settings.files / "copies").rglob("*.sealed")) == []


async def test_it_never_lies_on_the_disk_unsealed(centre: Centre) -> None:
    wang = await centre.seed("王小敏", "13812346021")
    await asked(centre, wang)
    await centre.work()
    (file,) = (centre.careline.settings.files / "copies").rglob("*.sealed")
    content = file.read_bytes()
    assert b"profile.json" not in content
    assert content[:2] != b"PK"


async def audited(centre: Centre, request_id: UUID) -> list[str]:
    async with centre.careline.database.reading(centre.tenant.id) as reading:
        statement = (
            select(AuditEntryRow.action).where(AuditEntryRow.subject == str(request_id)).order_by(AuditEntryRow.seq)
        )
        return list((await reading.execute(statement)).scalars())


async def test_one_person_takes_so_many_different_copies_a_day(centre: Centre) -> None:
    privacy = centre.careline.privacy.facade
    await privacy.set_rules(centre.decides, RulesView(copies_a_day=2))
    requests = [await asked(centre, await centre.seed(f"客户{n}", f"1390000000{n}")) for n in range(3)]
    await centre.work()
    for request_id in (requests[0], requests[0]):
        await taken(centre, request_id)
    # Two at once, and one is left.
    both = [privacy.copy(centre.asks, one) for one in requests[1:]]
    answers = await asyncio.gather(*both, return_exceptions=True)
    (refusal,) = [one for one in answers if isinstance(one, BaseException)]
    assert isinstance(refusal, TooMany)
    assert (refusal.code, refusal.params["max"]) == ("too-many-data-copies", 2)
    assert 0 < float(str(refusal.params["retry_after"])) <= 86_400
    left = requests[1 + answers.index(refusal)]
    assert (await audited(centre, left))[-1] == "data-request.copy-refused"
    await taken(centre, requests[0])
    await privacy.copy(centre.decides, left)
    shown = await privacy.one(centre.asks, requests[0])
    assert [one.by for one in shown.taken] == ["8001"]
    centre.clock.advance(days=1, minutes=1)
    await taken(centre, left)
    assert [one.by for one in (await privacy.one(centre.asks, left)).taken] == ["guard", "8001"]
    for wrong in (0, 1001, -1):
        with pytest.raises(Invalid, match="copies-out-of-range"):
            await privacy.set_rules(centre.decides, RulesView(copies_a_day=wrong, version=1))


async def test_a_copy_waits_for_a_second_person_when_the_tenant_wants_it(centre: Centre) -> None:
    privacy = centre.careline.privacy.facade
    await privacy.set_rules(centre.decides, RulesView(copies_decided=True))
    wang, other = await centre.seed("王小敏", "13812346021"), await centre.seed("李雷", "13900000002")
    first, second = await asked(centre, wang), await asked(centre, other)
    await centre.work()
    assert (await privacy.one(centre.asks, first)).request.state is RequestState.WAITING
    with pytest.raises(Forbidden, match="own-data-request"):
        await privacy.approve(centre.asks, first, 1)
    with pytest.raises(NotFound, match="data-copy-gone"):
        await privacy.copy(centre.asks, first)
    await privacy.approve(centre.decides, first, 1)
    await privacy.refuse(centre.decides, second, 1, Refusal.IDENTITY_NOT_PROVED)
    await centre.work()
    assert "customers/profile.json" in (await taken(centre, first)).namelist()
    assert (await privacy.one(centre.asks, second)).request.state is RequestState.REFUSED
    assert (await audited(centre, first))[:2] == ["data-request.asked", "data-request.approved"]

    waiting = await asked(centre, other)
    erasure = (await privacy.ask(centre.asks, RequestKind.ERASURE, other.customer.id, "real_name")).request
    await privacy.approve(centre.decides, erasure.id, 1)
    await centre.work()
    assert (await privacy.one(centre.asks, waiting)).request.state is RequestState.EXPIRED


async def test_all_requests_are_handed_out_however_many(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "READ_AT_ONCE", 2)
    wang = await centre.seed("王小敏", "13812346021")
    for _ in range(3):
        request_id = await asked(centre, wang)
        await centre.work()
    assert len(read(await taken(centre, request_id), "privacy/requests.json")) == 3

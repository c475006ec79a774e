"""What is taken out of the audit: what was asked for, harmless to calculate with, and proven by a file beside it."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.infra.database.database import Database
from careline.kernel.errors import NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, ActorKind
from careline.modules.directory.identity.engine import lines, seals
from careline.modules.directory.identity.engine.actions import Outcome
from careline.modules.directory.identity.engine.lines import ExtractFormat
from careline.modules.directory.identity.engine.seals import AuditRecord
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.services import extracts
from careline.modules.directory.identity.views import AuditFilter, ExtractCheck, UserView
from tests.support.clock import START

CHANGED = AuditFilter(action="user.changed")


async def write(identity: Identity, database: Database, actor: Actor, *told: tuple[str, str | None, str]) -> None:
    async with database.transaction(actor.tenant_id, actor=actor.ref) as tx:
        for action, subject, word in told:
            await identity.audit(tx, actor, action, subject, {"fields": word, "share": 0.1})


async def taken(identity: Identity, actor: Actor, wanted: AuditFilter, form: ExtractFormat) -> tuple[bytes, bytes]:
    """The file and its proof."""
    extract = await identity.extracts.extract(actor, await identity.extracts.ask(actor, wanted))
    file = b"".join([part async for part in identity.extracts.file(actor, extract, form)])
    return file, b"".join([part async for part in identity.extracts.proof(actor, extract)])


def checked(file: bytes, proof: bytes, known: dict[int, str] | None = None) -> ExtractCheck:
    return Identity.check_audit_extract(file.splitlines(keepends=True), proof.splitlines(keepends=True), known or {})


def rows(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("form", list(ExtractFormat))
async def test_an_extract_holds_what_passes_and_its_proof_shows_nothing_else(
    identity: Identity,
    database: Database,
    system: Actor,
    agent: UserView,
    form: ExtractFormat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(extracts, "BATCH", 2)
    hidden = ("customer.revealed", "secret-customer", "x")
    some = ("user.changed", str(agent.id), "locale")
    await write(identity, database, system, some, hidden, some, ("user.changed", "", "y"), hidden, some)
    file, proof = await taken(identity, system, CHANGED, form)
    later = checked(file, proof)

    if form is ExtractFormat.CSV:
        assert [row["subject"] for row in rows(file)] == [str(agent.id), str(agent.id), "", str(agent.id)]
        assert rows(file)[0]["subject_name"] == agent.display_name
    else:
        assert [json.loads(line)["subject_name"] for line in file.splitlines()].count(agent.display_name) == 3
    assert b"secret-customer" not in file + proof
    assert (later.entries, later.breaches) == (4, [])
    assert later.last_seal is not None
    assert checked(file, proof, {later.last_seal.number: later.last_seal.hash}).breaches == []
    assert checked(file, proof, {later.last_seal.number: "0"}).breaches[0].kind == "seal-broken"


async def test_an_older_trail_is_proven_by_its_whole_batches(
    identity: Identity, database: Database, system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(seals, "AUDIT_DIGEST", "sha256")
        await write(identity, database, system, ("user.changed", "a", "x"))
        assert await identity.seal_audit(system.tenant_id) is not None
    await write(identity, database, system, ("user.changed", "b", "x"))
    file, proof = await taken(identity, system, CHANGED, ExtractFormat.CSV)

    assert checked(file, proof).breaches == []
    assert [one.kind for one in checked(file.replace(b'"a"', b'"c"'), proof).breaches][:1] == ["record-changed"]
    assert (await identity.verify_audit(system.tenant_id)).breaches == []


def without(word: bytes) -> Callable[[bytes], bytes]:
    return lambda text: b"".join(line for line in text.splitlines(keepends=True) if word not in line)


def same(text: bytes) -> bytes:
    return text


TAMPERINGS: list[tuple[str, Callable[[bytes], bytes], Callable[[bytes], bytes], str]] = [
    ("another actor", lambda file: file.replace(b'"system"', b'"user:x"', 1), same, "record-changed"),
    ("another number", lambda file: file.replace(b'"seq":2,', b'"seq":3,', 1), same, "record-changed"),
    ("one nobody proves", lambda file: file.replace(b'"seq":2,', b'"seq":900,', 1), same, "record-unproven"),
    ("one removed", without(b'"first"'), same, "file-changed"),
    ("one more", lambda file: file + file.splitlines(keepends=True)[0], same, "file-changed"),
    ("another name", lambda file: file.replace(b'"actor_name":null', b'"actor_name":"x"'), same, "file-changed"),
    ("no line at all", lambda file: file + b"{\n", same, "line-unreadable"),
    ("a digest changed", same, lambda proof: proof.replace(b'"digests":["', b'"digests":["00', 1), "seal-broken"),
    ("a seal removed", same, without(b'"digests"'), "record-unproven"),
    ("the proof cut off", same, lambda proof: proof[: proof.rindex(b'{"kind":"end"')], "end-missing"),
]


async def test_tampering_shows(identity: Identity, database: Database, system: Actor) -> None:
    told: list[tuple[str, str | None, str]] = [("user.changed", None, "first"), ("user.changed", "b", "x")]
    await write(identity, database, system, *told)
    file, proof = await taken(identity, system, CHANGED, ExtractFormat.JSONL)
    assert checked(file, proof).breaches == []
    for what, file_change, proof_change, kind in TAMPERINGS:
        changed = file_change(file), proof_change(proof)
        assert changed != (file, proof), what
        assert kind in [one.kind for one in checked(*changed).breaches], what


async def test_an_extract_stays_what_it_was_and_its_askers(
    identity: Identity, database: Database, system: Actor, agent: UserView
) -> None:
    asked = await identity.extracts.ask(system, CHANGED)
    await write(identity, database, system, ("user.changed", None, "later"))
    extract = await identity.extracts.extract(system, asked)
    assert extract.wanted == CHANGED
    assert [part async for part in identity.extracts.file(system, extract, ExtractFormat.JSONL)] == [b""]
    page = await identity.audit_page(system, before=None, limit=3)
    assert [entry.action for entry in page.items] == ["audit.export-taken", "user.changed", "audit.exported"]
    assert page.items[0].params["entries"] == 0

    other = Actor(tenant_id=system.tenant_id, kind=ActorKind.USER, id=agent.id)
    for actor, extract_id in ((other, asked), (system, new_id())):
        with pytest.raises(NotFound, match="audit-extract-not-found"):
            await identity.extracts.extract(actor, extract_id)


@settings(max_examples=60)
@given(st.text(max_size=8) | st.sampled_from(["=1+1", "'=1", "\t=1", " +1", "＝1", "-2", "@x", "'", "\r\n", '"']))
def test_no_cell_begins_a_formula_and_every_cell_can_be_read_back(text: str) -> None:
    cell = lines.harmless(text)
    assert lines.as_it_was(cell) == text
    assert cell.lstrip()[:1] not in "=+-@＝＋－＠" or not cell.strip()


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8"), max_size=8), st.sampled_from(list(ExtractFormat)))
def test_a_file_is_read_back_as_it_was_written(text: str, form: ExtractFormat) -> None:
    params = seals.canonical({"fields": text, "n": 1, "share": 0.1})
    entry = AuditRecord(seq=7, at=START, actor=f"user:{text}", action=text, subject=text or None, params=params)
    file = lines.top(form) + lines.written([entry, entry], {}, form)
    read = lines.read_back(iter(file.decode().splitlines(keepends=True) if form is ExtractFormat.JSONL else _cut(file)))
    assert [one for _, one in read] == [entry, entry]


def _cut(file: bytes) -> list[str]:
    return [line.decode() for line in io.BytesIO(file)]


async def test_every_filter_finds_what_it_says_and_goes_on_where_it_was(
    identity: Identity, database: Database, system: Actor, agent: UserView
) -> None:
    told: list[tuple[str, str | None, str]] = [
        ("session.refused", str(agent.id), "a"),
        ("customer.revealed", "c-1", "b"),
        ("assurance.failed", "c-1", "c"),
        ("customer.changed", "c-2", "d"),
        ("thing.unknown", None, "e"),
    ]
    await write(identity, database, system, *told)

    async def found(**wanted: Any) -> list[str]:
        words: list[str] = []
        place: str | None = None
        while True:
            before = None if place is None else int(place)
            page, count = await identity.trail.read(
                system, before=before, limit=1, wanted=AuditFilter(actor="system", **wanted)
            )
            words += [str(entry.params.get("fields", entry.action)) for entry in page.items]
            assert (count is None) == (place is not None)
            if (place := page.next) is None:
                return [word for word in words if not word.startswith("audit.")]

    assert await found(kind="customer") == ["d", "c", "b"]
    assert await found(kind="customer", outcome=Outcome.FAILED) == ["c"]
    assert await found(outcome=Outcome.DENIED) == ["a"]
    assert (await found(outcome=Outcome.ALLOWED))[:3] == ["e", "d", "b"]
    assert await found(subject="c-1") == ["c", "b"]
    assert await found(action="customer.changed", kind="customer") == ["d"]
    assert await found(action="customer.changed", kind="user") == []
    assert await found(kind="no-such-kind") == []
    for wanted in (AuditFilter(kind="customer"), AuditFilter(outcome=Outcome.FAILED)):
        page, count = await identity.trail.read(system, before=None, limit=2, wanted=wanted)
        assert count is not None
        assert (len(page.items), count.n) == ((2, 3) if wanted.kind else (1, 1))


async def test_one_entry_says_where_it_stands_and_whether_its_seal_fits(
    identity: Identity, database: Database, system: Actor
) -> None:
    await write(identity, database, system, ("user.changed", "a", "x"), ("user.changed", "b", "y"))
    assert (await identity.trail.one(system, 2)).seal is None
    seal = await identity.seal_audit(system.tenant_id)
    one = await identity.trail.one(system, 2)
    assert (one.seal, one.sound, one.previous) == (seal, True, "")
    assert one.entry.params["fields"] == "x"
    assert (await identity.audit_page(system, before=None, limit=1)).items[0].params["entry"] == 2
    with pytest.raises(NotFound, match="audit-entry-not-found"):
        await identity.trail.one(system, 900)

"""A database that was brought back forgets again whom it had forgotten, by the list that lies outside of it."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from typer.testing import CliRunner

from careline.bootstrap import build
from careline.entrypoints.cli.app import app
from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading
from careline.infra.database.types import Base
from careline.kernel.errors import Conflict
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.directory.privacy.repository import requests as repository
from careline.modules.directory.privacy.services.listing import ErasureList
from careline.modules.directory.privacy.views import RequestState
from tests.modules.directory.privacy.conftest import Centre, opened, settings_at
from tests.modules.directory.privacy.test_erasing import asked, erased, keep_nothing
from tests.support.clock import FakeClock
from tests.support.house import CHEAP

T = TypeVar("T")


async def rows(database: Database) -> dict[str, list[dict[str, object]]]:
    """What a dump of the database holds."""
    async with database.system_reading() as reading:
        return {
            table.name: [dict(row._mapping) for row in (await reading.execute(table.select())).all()]
            for table in Base.metadata.sorted_tables
        }


async def bring_back(database: Database, dump: dict[str, list[dict[str, object]]]) -> None:
    """Let the database be as it was; the audit only grows, and stays."""
    now = await rows(database)
    changed = [
        table
        for table in Base.metadata.sorted_tables
        if now[table.name] != dump[table.name] and not table.name.startswith("audit_")
    ]
    async with database.engine.begin() as connection:
        if database.dialect == "postgresql":
            await connection.exec_driver_sql("SELECT set_config('careline.tenant', '*', true)")
        for table in reversed(changed):
            await connection.execute(table.delete())
        for table in changed:
            if dump[table.name]:
                await connection.execute(table.insert(), dump[table.name])


@pytest.mark.parametrize("asked_before", [False, True])
async def test_an_older_database_forgets_again(centre: Centre, asked_before: bool) -> None:
    await keep_nothing(centre)
    wang, other = await centre.seed("王小敏", "13812346021"), await centre.seed("李雷", "13900000002")
    privacy, database = centre.careline.privacy.facade, centre.careline.database
    if asked_before:
        request = (await asked(centre, wang)).request
    dump = await rows(database)
    if asked_before:
        await privacy.approve(centre.decides, request.id, request.version)
        await centre.work()
    else:
        request = (await erased(centre, wang)).request
    await bring_back(database, dump)
    assert "王小敏说的话" in await centre.everything()

    assert await privacy.apply_again() == 1

    after = await centre.everything()
    assert [word for word in wang.words if word in after] == []
    assert [word for word in other.words if word not in after] == []
    shown = (await privacy.one(centre.asks, request.id)).request
    assert (shown.state, shown.customer_id) == (RequestState.DONE, wang.customer.id)
    assert await privacy.apply_again() == 0


async def test_every_start_holds_the_list_against_the_database(
    centre: Centre, database_url: str, clock: FakeClock, tmp_path: Path
) -> None:
    wang = await centre.seed("王小敏", "13812346021")
    dump = await rows(centre.careline.database)
    await erased(centre, wang)
    await bring_back(centre.careline.database, dump)
    another = await build(settings_at(tmp_path / "var", database_url), clock=clock, cost=CHEAP)
    try:
        await next(part for part in another.parts if part.name == "privacy").start()  # type: ignore[misc]
    finally:
        await another.close()
    assert "王小敏" not in await centre.everything()
    names = [part.name for part in another.parts]
    assert names.index("privacy") < min(names.index(one) for one in ("bus", "jobs", "routing", "realtime"))


async def test_a_start_looks_once_however_long_the_list_is(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list only grows, and nobody is served before it was held against the database."""
    monkeypatch.setattr(repository, "AT_ONCE", 2)
    for name, number in (("王小敏", "13812346021"), ("李雷", "13900000002"), ("韩梅", "13900000003")):
        await erased(centre, await centre.seed(name, number))
    database, looks = centre.careline.database, []
    reading = database.reading

    def counted(tenant_id: TenantId) -> AbstractAsyncContextManager[Reading]:
        looks.append(tenant_id)
        return reading(tenant_id)

    monkeypatch.setattr(database, "reading", counted)
    assert await centre.careline.privacy.facade.apply_again() == 0
    assert len(looks) == 2, "what the database knows, and what of the list it knows"


async def test_a_list_that_was_tampered_with_is_refused(centre: Centre) -> None:
    wang, other = await centre.seed("王小敏", "13812346021"), await centre.seed("李雷", "13900000002")
    for one in (wang, other):
        await erased(centre, one)
    file = centre.careline.settings.erasures
    whole = file.read_bytes()
    first, second = whole.splitlines(keepends=True)
    privacy = centre.careline.privacy.facade
    for broken in (
        second,
        second + first,
        first + second.replace(b"real_name", b"none_____"),
        first.replace(str(wang.customer.id).encode(), str(other.customer.id).encode()) + second,
        b"{}\n" + whole,
    ):
        file.write_bytes(broken)
        with pytest.raises(Conflict, match="erasure-list-broken"):
            await privacy.apply_again()
    file.write_bytes(whole + b'{"erasure":{"tena')  # cut off in the middle of a write: nobody was told that it stands
    assert await privacy.apply_again() == 0
    third = await centre.seed("韩梅", "13900000003")
    await erased(centre, third)
    assert len(await privacy._reapplying._listing.all()) == 3


async def test_the_list_is_one_line_an_erasure_however_often_it_is_told(centre: Centre, tmp_path: Path) -> None:
    wang = await centre.seed("王小敏", "13812346021")
    await erased(centre, wang)
    (listed,) = await centre.careline.privacy.facade._reapplying._listing.all()
    copy = ErasureList(tmp_path / "elsewhere" / "copy")
    for _ in range(2):
        await copy.add(listed)
    assert await copy.all() == [listed]
    assert (tmp_path / "elsewhere" / "copy").stat().st_mode & 0o777 == 0o600


async def test_two_processes_write_one_list(centre: Centre, tmp_path: Path) -> None:
    """Each knows nothing of the other but the file."""
    wang = await centre.seed("王小敏", "13812346021")
    await erased(centre, wang)
    (listed,) = await centre.careline.privacy.facade._reapplying._listing.all()
    many = [msgspec.structs.replace(listed, request_id=new_id()) for _ in range(40)]
    two = [ErasureList(tmp_path / "shared.list") for _ in range(2)]
    await asyncio.gather(*(two[at % 2].add(one) for at, one in enumerate(many)))
    assert {one.request_id for one in await two[0].all()} == {one.request_id for one in many}


def test_careline_restore_forgets_again(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a backup, then somebody is erased, then the disk is lost; the list had been copied elsewhere."""
    data, archive, copied = tmp_path / "var", tmp_path / "careline.tar", tmp_path / "copied.list"
    monkeypatch.setenv("CARELINE_DATA", str(data))
    monkeypatch.setenv("CARELINE_VOICE", "off")
    run = CliRunner()

    async def with_centre(work: Callable[[Centre], Awaitable[T]]) -> T:
        async with opened(settings_at(data, ""), clock) as centre:
            return await work(centre)

    assert run.invoke(app, ["migrate"]).exit_code == 0
    wang = asyncio.run(with_centre(lambda centre: centre.seed("王小敏", "13812346021")))
    assert run.invoke(app, ["backup", str(archive)]).exit_code == 0
    asyncio.run(with_centre(lambda centre: erased(centre, wang)))
    shutil.copy(data / "erasures.list", copied)
    shutil.rmtree(data)

    without = run.invoke(app, ["restore", str(archive)])
    assert "There is no list of erasures" in without.output
    assert "王小敏" in asyncio.run(with_centre(lambda centre: centre.everything()))
    shutil.rmtree(data)
    monkeypatch.setenv("CARELINE_ERASURES", str(copied))
    restored = run.invoke(app, ["restore", str(archive)])
    assert restored.exit_code == 0, restored.output
    assert "1 erasures were made again" in restored.output
    after = asyncio.run(with_centre(lambda centre: centre.everything()))
    assert [word for word in wang.words if word in after] == []


async def test_a_spoiled_list_is_made_whole_of_what_can_be_trusted(centre: Centre) -> None:
    people = [await centre.seed(name, f"1390000000{n}") for n, name in enumerate(("王小敏", "李雷", "韩梅"))]
    dumps = []
    for one in people:
        dumps.append(await rows(centre.careline.database))
        await erased(centre, one)
    file, privacy = centre.careline.settings.erasures, centre.careline.privacy.facade
    whole = file.read_bytes()
    first, second, third = whole.splitlines(keepends=True)
    before = await privacy._reapplying._listing.all()
    file.write_bytes(first + second[:40] + b"\n" + third)
    with pytest.raises(Conflict, match="erasure-list-broken") as refused:
        await privacy.apply_again()
    assert refused.value.params == {"line": 2, "path": str(file)}

    mended = await privacy.mend_list(centre.clock.now())
    assert (mended.good, mended.added, mended.doubtful) == (1, 2, (2,)), "the third hangs on what the second said"
    assert mended.aside is not None
    assert Path(mended.aside).read_bytes() == first + second[:40] + b"\n" + third
    assert {one.request_id for one in await privacy._reapplying._listing.all()} == {one.request_id for one in before}
    assert file.stat().st_mode & 0o777 == 0o600
    again = await privacy.mend_list(centre.clock.now())
    assert (again.good, again.added, again.aside) == (3, 0, None)

    # A database that knows of the first alone, and a third line that was turned against another customer.
    await bring_back(centre.careline.database, dumps[1])
    turned = third.replace(str(people[2].customer.id).encode(), str(people[1].customer.id).encode())
    file.write_bytes(first + second + turned)
    mended = await privacy.mend_list(centre.clock.advance(minutes=1))
    assert (mended.good, mended.added, mended.doubtful) == (2, 0, (3,))
    assert await privacy.apply_again() == 1
    after = await centre.everything()
    assert [word for word in people[1].words if word in after] == []
    assert [word for word in people[2].words if word not in after] == [], "whom nobody confirms stays as they are"


async def test_an_older_copy_of_the_list_is_filled_up_at_the_start(centre: Centre) -> None:
    wang, other = await centre.seed("王小敏", "13812346021"), await centre.seed("李雷", "13900000002")
    await erased(centre, wang)
    older = centre.careline.settings.erasures.read_bytes()
    await erased(centre, other)
    newer = centre.careline.settings.erasures.read_bytes()
    centre.careline.settings.erasures.write_bytes(older)
    assert await centre.careline.privacy.facade.apply_again() == 0
    assert centre.careline.settings.erasures.read_bytes() == newer


def test_careline_erasures_says_what_is_wrong_and_mends_it(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "var"
    monkeypatch.setenv("CARELINE_DATA", str(data))
    monkeypatch.setenv("CARELINE_VOICE", "off")
    run = CliRunner()

    async def somebody() -> None:
        async with opened(settings_at(data, ""), clock) as centre:
            await erased(centre, await centre.seed("王小敏", "13812346021"))

    assert run.invoke(app, ["migrate"]).exit_code == 0
    asyncio.run(somebody())
    assert "1 erasures, each as it was written" in run.invoke(app, ["erasures", "check"]).output
    assert "ok    erasures" in run.invoke(app, ["doctor"]).output
    listed = data / "erasures.list"
    listed.write_bytes(b"spoiled\n" + listed.read_bytes())
    for command in (["erasures", "check"], ["doctor"]):
        told = run.invoke(app, command)
        assert told.exit_code == 1
        assert f"line 1 of {listed}" in told.output
        assert "careline erasures mend" in told.output
    asked = run.invoke(app, ["erasures", "mend"])
    assert (asked.exit_code, "--yes" in asked.output) == (1, True)
    assert listed.read_bytes().startswith(b"spoiled")
    done = run.invoke(app, ["erasures", "mend", "--yes"])
    assert done.exit_code == 0, done.output
    assert "1 erasures were added from the database" in done.output
    assert "left out: 1" in done.output
    assert run.invoke(app, ["erasures", "check"]).exit_code == 0

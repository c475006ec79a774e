"""The demo: whole, private, made again without harm."""

from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from careline.bootstrap import build
from careline.entrypoints.demo import accounts, customers, hotline, look, staff
from careline.entrypoints.demo.accounts import ACCOUNTS, KnownAccount
from careline.entrypoints.demo.seed import DEMO_TENANT, ensure_demo
from careline.infra.database.database import Database
from careline.infra.settings.settings import load
from careline.kernel.errors import Invalid, NotSignedIn
from careline.modules.directory.customers.views import Brand
from careline.modules.directory.identity.permissions import BUILT_IN_ROLES
from careline.modules.directory.identity.services import tenants
from tests.support.house import CHEAP, House

pytestmark = pytest.mark.slow


class Died(Exception):
    """The process, at a place that the test chose."""


def _dies(*_args: object, **_named: object) -> Any:
    raise Died


async def test_the_demo_is_a_small_operator(house: House) -> None:
    people = house.careline.people.facade
    agents = await people.agents(house.tenant.id)
    skills = await people.skills(house.tenant.id)

    assert [agent.number for agent in agents] == ["8001", *(f"802{n}" for n in range(1, 9))]
    assert {skill.code for skill in skills} == {"broadband_fault", "tariff", "roaming", "complaint", "global_link"}
    assert {code for agent in agents for code, _ in agent.skills} == {skill.code for skill in skills}
    assert len(await house.careline.identity.facade.org_units(house.tenant.id)) == 7
    assert len(house.ids_of(house.tenant.id)["customer"]) == len(customers.wanted_customers()) == 41
    assert (await house.careline.identity.facade.verify_audit(house.tenant.id)).breaches == []


async def test_the_first_agent_serves_every_queue(house: House) -> None:
    """Who tries the demo alone is agent 8021, as the README says: no key and no caller waits for somebody else."""
    supervisor, first, *_ = await house.careline.people.facade.agents(house.tenant.id)
    wanted = {code for _, _, _, skills, _ in hotline.QUEUES for code, _ in skills}
    assert (first.number, wanted - {code for code, _ in first.skills}) == ("8021", set())
    assert (supervisor.number, supervisor.capacity) == ("8001", {"voice": 0, "chat": 1, "message": 0})


async def test_every_account_can_sign_in(house: House) -> None:
    for account in house.demo.accounts:
        browser = await house.sign_in(account.login)
        assert browser.session["user"]["display_name"] == account.display_name


async def test_the_supervisor_has_a_desk_that_a_chat_can_be_taken_over_to(house: House) -> None:
    """As the README says. Who is no agent is shown no way to take one over."""
    boss, auditor = await house.sign_in("8001"), await house.sign_in("auditor")
    assert (boss.session["agent"]["number"], auditor.session["agent"]) == ("8001", None)
    assert {"floor:listen", "desk:use"} <= set(boss.session["permissions"])
    ready = {"chosen": "ready", "reason": None}
    assert (await boss.ask("PUT", "/api/v1/agent-state", json=ready)).is_success
    queues = {one.id: one for one in house.careline.routing.facade.queues(house.tenant.id)}
    served = house.careline.routing.facade.queues_of(house.tenant.id, UUID(boss.user_id))
    assert {queues[one].code for one in served} == {"complaint"}


async def test_making_it_again_changes_nothing(house: House) -> None:
    before = house.rows_of(house.tenant.id)
    file = house.demo.file.read_bytes()
    again = await ensure_demo(house.careline)

    assert (again.made, again.accounts) == (False, house.demo.accounts)
    assert house.rows_of(house.tenant.id) == before
    assert house.demo.file.read_bytes() == file


async def test_a_lost_file_gets_new_passwords_that_work(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    old = house.demo.accounts[0]
    house.demo.file.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(staff, "seed", _dies)
        with pytest.raises(Died):
            await ensure_demo(house.careline)
    house.demo = await ensure_demo(house.careline)

    assert house.demo.accounts[0].password != old.password
    await house.sign_in(old.login)
    with pytest.raises(NotSignedIn):
        await house.careline.identity.facade.sign_in(
            "demo", old.login, old.password, address="192.0.2.9", user_agent="x"
        )
    assert house.demo.file.stat().st_mode & 0o777 == 0o600


async def test_what_is_missing_is_made(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a crash half way, in an older version, which knew of one role only: the file stands."""
    settings = load({"CARELINE_DATA": str(tmp_path / "second"), "CARELINE_VOICE": "off", "CARELINE_DEMO": "1"})
    (tmp_path / "second").mkdir()
    accounts.write_passwords(tmp_path / "second" / "demo-accounts.txt", house.demo.accounts[:3])
    careline = await build(settings, cost=CHEAP)
    try:
        await careline.migrate()
        with monkeypatch.context() as patch:
            patch.setattr(tenants, "BUILT_IN_ROLES", BUILT_IN_ROLES[:1])
            await careline.identity.facade.found_tenant(DEMO_TENANT)
        made = await ensure_demo(careline)
    finally:
        await careline.close()

    assert made.accounts[:3] == house.demo.accounts[:3]
    assert len({account.password for account in made.accounts}) == len(ACCOUNTS)


async def test_a_server_that_runs_goes_on_deciding(house: House) -> None:
    """``careline demo`` beside it: nobody else takes the shard that it owns."""
    agent = await house.sign_in("8021")
    other = await build(house.careline.settings, cost=CHEAP)
    try:
        await ensure_demo(other)
    finally:
        await other.close()

    chosen = await agent.ask("PUT", "/api/v1/agent-state", json={"chosen": "ready", "reason": None})
    assert chosen.status_code == 200, chosen.text


async def test_whoever_died_after_any_commit_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load({"CARELINE_DATA": str(tmp_path / "third"), "CARELINE_VOICE": "off", "CARELINE_DEMO": "1"})
    (tmp_path / "third").mkdir()
    careline = await build(settings, cost=CHEAP)
    transaction, left = Database.transaction, 0

    def counted(*args: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        return transaction(*args, **named) if left >= 0 else _dies()

    try:
        await careline.migrate()
        tenant = await careline.identity.facade.found_tenant(DEMO_TENANT)
        monkeypatch.setattr(Database, "transaction", counted)
        for seed in (hotline.seed, look.seed):
            for commits in count():
                left = commits
                with suppress(Died):
                    await seed(careline, tenant)
                    break
        assert [one.name for one in await careline.hours.facade.calendars(tenant.id)] == [hotline.HOURS]
        assert len(await careline.routing.facade.stored_queues(tenant.id)) == len(hotline.QUEUES)
        assert await careline.flows.facade.is_published(tenant.id, "hotline")
        assert await careline.flows.facade.is_published(tenant.id, "webchat")
        assert (await careline.widget.facade.looks(tenant.id)).published is not None
    finally:
        await careline.close()


async def test_the_demo_is_for_this_machine_only(tmp_path: Path) -> None:
    settings = load(
        {
            "CARELINE_DATA": str(tmp_path),
            "CARELINE_HTTP_HOST": "0.0.0.0",
            "CARELINE_TLS_CERTIFICATE": str(tmp_path / "c"),
            "CARELINE_TLS_KEY": str(tmp_path / "k"),
        }
    )
    careline = await build(settings, cost=CHEAP)
    try:
        with pytest.raises(Invalid, match="demo-needs-loopback"):
            await ensure_demo(careline)
    finally:
        await careline.close()
    assert list(tmp_path.iterdir()) == []


def test_the_people_are_the_same_each_time_and_numbers_are_nobodys() -> None:
    wanted = customers.wanted_customers()
    numbers = [line.msisdn for customer in wanted for line in customer.subscriptions]

    assert wanted == customers.wanted_customers()
    assert len(set(numbers)) == len(numbers)
    assert all(number.startswith("160") for number in numbers)
    assert {line.brand for customer in wanted for line in customer.subscriptions} == set(Brand)


def test_the_file_is_private_from_its_first_byte(tmp_path: Path) -> None:
    file = tmp_path / "demo-accounts.txt"
    file.write_text("old and open to all", encoding="utf-8")
    file.chmod(0o644)
    known = [KnownAccount(login="8021", display_name="陈 晓岚", password="abc-def")]
    accounts.write_passwords(file, known)

    assert file.stat().st_mode & 0o777 == 0o600
    assert accounts.read_passwords(file) == {"8021": "abc-def"}
    assert list(tmp_path.iterdir()) == [file]
    assert accounts.read_passwords(tmp_path / "none") == {}

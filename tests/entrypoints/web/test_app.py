"""The application over HTTP: health, the document of all routes, pages, headers, realtime."""

import asyncio
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from careline.adapters.asterisk.standby import StandbyVoice
from careline.bootstrap import Careline, Part, PartState, build
from careline.entrypoints.web.pages import UserInterface
from careline.infra.bus.places import Stuck
from careline.infra.database.failures import DatabaseUnreachable
from careline.kernel.tenancy import system_actor
from careline.modules.directory.identity.views import NewTenant, NewUser
from careline.modules.directory.people.views import NewAgent
from tests.support.house import CHEAP, PASSWORD, House
from tests.support.serving import serving
from tests.support.waiting import PATIENCE_S


def build_pages(house: House) -> Path:
    folder = house.careline.settings.ui
    (folder / "assets").mkdir(parents=True)
    for name in ("index.html", "portal.html", "demo-phone.html"):
        (folder / name).write_text(f"<title>{name}</title>", encoding="utf-8")
    (folder / "assets" / "app-1a2b3c.js").write_text("1", encoding="utf-8")
    (folder / "favicon.svg").write_text("<svg/>", encoding="utf-8")
    (folder.parent / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "way-out").symlink_to(folder.parent / "secret.txt")
    return folder


async def test_alive_and_ready(house: House) -> None:
    async with house.nobody() as http:
        assert (await http.get("/healthz")).json() == {"status": "alive"}
        answer = await http.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert {"database", "bus", "jobs", "realtime"} <= {part["name"] for part in answer.json()["parts"]}
    assert all(set(part) == {"name", "ready", "reason", "params"} for part in answer.json()["parts"])


async def test_a_part_that_is_not_ready_says_why(house: House) -> None:
    async def sick() -> PartState:
        return PartState(ready=False, reason="line-cut", params={"line": 3})

    async def broken() -> PartState:
        raise RuntimeError("swordfish")

    async def without() -> PartState:
        raise DatabaseUnreachable("Connection refused")

    parts = {"sick": sick, "broken": broken, "without": without}
    house.careline.parts += [Part(name=name, state=state) for name, state in parts.items()]
    async with house.nobody() as http:
        answer = await http.get("/readyz")
        assert (await http.get("/healthz")).status_code == 200

    assert answer.status_code == 503
    assert answer.json()["parts"][-3:] == [
        {"name": "sick", "ready": False, "reason": "line-cut", "params": {"line": 3}},
        {"name": "broken", "ready": False, "reason": "state-unknown", "params": {}},
        {"name": "without", "ready": False, "reason": "database-not-answering", "params": {}},
    ]
    assert "swordfish" not in answer.text


async def test_a_subscriber_that_cannot_keep_up_is_named_and_takes_no_desk_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = Stuck(subscriber="some.part", unfinished=201, position=7, attempts=9, last_error="LookupError")
    monkeypatch.setattr(house.careline.bus, "held_up", lambda: [stuck])
    async with house.nobody() as http:
        answer = await http.get("/readyz")

    assert answer.status_code == 200
    bus = next(part for part in answer.json()["parts"] if part["name"] == "bus")
    assert bus["reason"] == "events-held-up"
    assert bus["params"] == {"subscriber": "some.part", "unfinished": 201}


@pytest.mark.parametrize(("free", "status", "reason"), [(0, 503, "disk-full"), (99 << 20, 200, "disk-nearly-full")])
async def test_a_disk_that_fills_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch, free: int, status: int, reason: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    async with house.nobody() as http:
        answer = await http.get("/readyz")

    assert answer.status_code == status
    disk = next(part for part in answer.json()["parts"] if part["name"] == "disk")
    assert (disk["reason"], disk["params"]) == (reason, {"free_mib": free >> 20})


async def test_who_is_overloaded_says_so_and_stays_ready(house: House) -> None:
    await house.careline.load.stop()  # what is measured now is not what the test says
    house.careline.load.is_high = True
    house.careline.load.delay_s = 0.4321
    house.careline.load.admits()
    async with house.nobody() as http:
        answer = await http.get("/readyz")

    assert answer.status_code == 200
    load = next(part for part in answer.json()["parts"] if part["name"] == "load")
    assert load == {
        "name": "load", "ready": True, "reason": "overloaded", "params": {"delay_ms": 432, "turned_away": 1}
    }  # fmt: skip


async def test_pages_that_are_not_built_say_what_to_do(house: House) -> None:
    async with house.nobody() as http:
        for path in ("/", "/chat", "/desk/anything"):
            answer = await http.get(path)
            assert answer.status_code == 503
            assert "make ui" in answer.text
            assert answer.headers["cache-control"] == "no-cache"


SERVED = [
    ("/", 200, "index.html"),
    ("/desk", 200, "index.html"),
    ("/floor/queues/3", 200, "index.html"),
    ("/chat", 200, "portal.html"),
    ("/chat/", 200, "portal.html"),
    ("/demo-phone", 200, "demo-phone.html"),
    ("/index.html", 200, "index.html"),
    ("/favicon.svg", 200, "<svg/>"),
    ("/assets/app-1a2b3c.js", 200, "1"),
    ("/assets/app-9z9z9z.js", 404, "not-found"),
    ("/missing.png", 404, "not-found"),
    ("/api/v1/nothing", 404, "not-found"),
    ("/api/v2/customers", 404, "not-found"),
    ("/rt/v1", 404, "not-found"),
    ("/way-out", 200, "index.html"),
    ("/..%2fsecret.txt", 404, "not-found"),
    ("/%2e%2e/secret.txt", 404, "not-found"),
    ("//etc/passwd", 200, "index.html"),
    ("/a%00b", 200, "index.html"),
    ("/" + "x" * 5000, 200, "index.html"),
    ("/careline.db", 404, "not-found"),
]


async def test_what_is_served_where(house: House) -> None:
    build_pages(house)
    async with house.nobody() as http:
        for path, status, said in SERVED:
            answer = await http.get(f"http://127.0.0.1:8080{path}")
            assert (answer.status_code, said in answer.text) == (status, True), (path, answer.text)
            assert "secret" not in answer.text or status == 404, path
            assert answer.headers["x-content-type-options"] == "nosniff", path
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path


async def test_only_what_carries_its_hash_is_kept_for_ever(house: House) -> None:
    build_pages(house)
    async with house.nobody() as http:
        assert "immutable" in (await http.get("/assets/app-1a2b3c.js")).headers["cache-control"]
        assert (await http.get("/favicon.svg")).headers["cache-control"] == "no-cache"
        assert (await http.get("/")).headers["cache-control"] == "no-cache"
        assert (await http.post("/")).status_code == 405
        assert (await http.head("/")).status_code == 200


async def test_the_interface_may_be_built_while_we_run(tmp_path: Path) -> None:
    pages = UserInterface(tmp_path / "later")
    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    assert (await pages.get_response(".", scope)).status_code == 503
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "index.html").write_text("here", encoding="utf-8")

    assert (await pages.get_response(".", scope)).status_code == 200


async def test_the_document_describes_refusals_as_they_are(house: House) -> None:
    async with house.nobody() as http:
        document = (await http.get("/api/v1/openapi.json")).json()

    refusal = document["paths"]["/api/v1/session"]["post"]["responses"]["4XX"]
    assert refusal["content"]["application/json"]["schema"]["$ref"].endswith("/Problem")
    assert "HTTPValidationError" not in json.dumps(document)


async def test_realtime_knows_the_session_and_ends_with_it(house: House) -> None:
    browser = await house.sign_in("8021")
    cookie = f"careline_session={browser.http.cookies['careline_session']}"
    async with serving(house.app) as address:
        async with connect(f"ws://{address}/rt/v1", additional_headers={"Cookie": cookie}) as socket:
            await socket.send('{"t":"hello","v":1}')
            assert json.loads(await socket.recv())["t"] == "welcome"
            await browser.ask("DELETE", "/api/v1/session")
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401
        for headers in ({}, {"Cookie": cookie}, {"Cookie": "careline_session=junk"}):
            async with connect(f"ws://{address}/rt/v1", additional_headers=headers) as socket:
                await socket.send('{"t":"hello","v":1}')
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == 4401


@pytest.mark.parametrize("end", ["signed out", "deactivated"])
async def test_an_agents_phone_ends_with_the_session(house: House, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    agent, other, admin = [await house.sign_in(login) for login in ("8021", "8022", "sysadmin")]
    sip = Subprotocol("sip")
    async with serving(house.app) as address, serve(echo, "127.0.0.1", 0, subprotocols=[sip]) as asterisk:
        upstream = f"http://127.0.0.1:{next(iter(asterisk.sockets)).getsockname()[1]}"
        monkeypatch.setattr(StandbyVoice, "http_url", property(lambda _: upstream))
        cookies = [{"Cookie": f"careline_session={who.http.cookies['careline_session']}"} for who in (agent, other)]
        async with (
            connect(f"ws://{address}/sip", additional_headers=cookies[0], subprotocols=[sip], proxy=None) as cut,
            connect(f"ws://{address}/sip", additional_headers=cookies[1], subprotocols=[sip], proxy=None) as stays,
        ):
            for phone in (cut, stays):
                await phone.send("REGISTER")
                assert await phone.recv() == "REGISTER"
            if end == "signed out":
                await agent.ask("DELETE", "/api/v1/session")
            else:
                place = f"/api/v1/users/{agent.user_id}"
                version = (await admin.http.get(place)).json()["version"]
                changed = await admin.ask("PATCH", place, json={"active": False, "version": version})
                assert changed.status_code == 200, changed.text
            async with asyncio.timeout(PATIENCE_S):
                await cut.wait_closed()
            assert cut.close_code == 4401
            await stays.send("OPTIONS")
            assert await stays.recv() == "OPTIONS"


async def test_a_visitor_nobody_knows_is_not_let_in(house: House) -> None:
    async with serving(house.app) as address, connect(f"ws://{address}/rt/v1") as socket:
        await socket.send('{"t":"hello","v":1,"visitor":"junk"}')
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


async def test_a_tenant_made_while_we_run_is_served(house: House) -> None:
    """By another process, as ``careline tenant create`` does it."""
    beside = await build(house.careline.settings, cost=CHEAP)
    tenants = [await beside.identity.facade.found_tenant(NewTenant(code=code, name=code)) for code in ("east", "west")]
    system = system_actor(tenants[0].id)
    staff = NewUser(login="8021", display_name="新人", password=PASSWORD, roles=("agent",))
    user = await beside.identity.facade.create_user(system, staff)
    agent = NewAgent(user_id=user.id, number="8021", capacity={"voice": 1, "chat": 1}, skills={})
    await beside.people.facade.appoint(system, agent)
    await beside.close()

    async with house.nobody() as http:
        wanted = {"tenant": "east", "login": "8021", "password": PASSWORD}
        assert (await http.post("/api/v1/session", json=wanted)).status_code == 200
        inbox = await http.get("/api/v1/inbox")
        assert (inbox.status_code, inbox.json().get("mine")) == (200, []), inbox.text
    async with house.nobody() as http:
        entered = await http.post("/api/v1/visitor", json={"tenant": "west"})
        token = {"Authorization": f"Bearer {entered.json()['token']}"}
        assert (await http.get("/api/v1/visitor/conversation", headers=token)).status_code == 200
    assert house.careline.routing.facade.queues(tenants[1].id) == []


async def test_parts_stop_the_other_way_round_and_a_failed_start_stops_the_others(house: House) -> None:
    told: list[str] = []

    def part(name: str, *, fails: bool = False) -> Part:
        async def start() -> None:
            told.append(f"start {name}")
            if fails:
                raise RuntimeError(name)

        async def stop() -> None:
            told.append(f"stop {name}")
            if name == "two":
                raise RuntimeError("cannot stop")

        return Part(name=name, start=start, stop=stop)

    careline = Careline.__new__(Careline)
    careline.parts = [part("one"), part("two"), part("three", fails=True), part("four")]
    with pytest.raises(RuntimeError, match="three"):
        await careline.start()

    assert told == ["start one", "start two", "start three", "stop two", "stop one"]

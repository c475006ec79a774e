"""A look is drafted, published and rolled back; customers see what was published, and named sites are let in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.infra.web.origins import CarryingSites
from careline.kernel.tenancy import Actor
from careline.modules.contact.widget import wiring
from careline.modules.contact.widget.services import looks
from tests.modules.contact.widget.test_rules import png
from tests.support.office import Doors, Office, code_of, without_permission

LOOK = {
    "color": "#7a1f5c",
    "greeting_zh": "您好，这里是客服一中心",
    "greeting_en": "Hello, this is Centre One",
    "side": "left",
    "avatar": "服",
    "picture": None,
    "sites": ["https://www.example.com"],
}
DRAFT, LOOKS = "/widget/draft", "/widget/looks"


@dataclass
class Studio:
    office: Office
    doors: Doors
    sites: CarryingSites
    manager: Actor

    async def save(self, revision: int = 0, **more: Any) -> dict[str, Any]:
        answer = await self.doors.put(self.manager, DRAFT, {**LOOK, **more, "revision": revision})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def publish(self, revision: int) -> int:
        answer = await self.doors.post(self.manager, "/widget/publish", {"revision": revision})
        await self.office.bus.settled()
        return answer.status_code

    async def seen(self) -> dict[str, Any]:
        answer = await self.doors.get(None, "/visitor/look", tenant="demo")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def lets_in(self, origin: str, *, other: bool = False) -> bool:
        scope = {"type": "http", "headers": [(b"origin", origin.encode()), (b"host", b"care.example.com")]}
        tenant = self.office.other if other else self.office.tenant
        return self.sites.may_carry(scope, tenant.id)


@pytest.fixture
async def studio(office: Office) -> AsyncIterator[Studio]:
    sites = CarryingSites(["https://everybodys.example.com"])
    module = wiring.build(office.database, office.bus, office.identity, sites)
    await office.bus.start()
    await module.start()
    async with office.doors(module.router()) as doors:
        yield Studio(office, doors, sites, await office.staff("widget:manage"))


async def test_customers_see_what_was_published_and_not_the_draft(studio: Studio) -> None:
    before = await studio.seen()
    draft = await studio.save()
    assert await studio.seen() == before
    assert await studio.publish(draft["revision"]) == 200

    assert await studio.seen() == {name: value for name, value in LOOK.items() if name != "sites"}
    looks = (await studio.doors.get(studio.manager, LOOKS)).json()
    assert (looks["draft"], looks["published"]["number"], looks["past"]) == (None, 1, [])
    assert (await studio.office.audited(studio.office.tenant.id))[-1] == "widget.published"


async def test_an_earlier_look_is_published_again(studio: Studio) -> None:
    for color in ("#7a1f5c", "#00734a"):
        assert await studio.publish((await studio.save(color=color))["revision"]) == 200
    back = await studio.doors.post(studio.manager, f"{LOOKS}/1/publish", None)
    assert back.status_code == 200, back.text
    assert (await studio.seen())["color"] == "#7a1f5c"

    looks = (await studio.doors.get(studio.manager, LOOKS)).json()
    assert [one["number"] for one in (looks["published"], *looks["past"])] == [3, 2, 1]
    await studio.save(color="#123456")
    refused = await studio.doors.post(studio.manager, f"{LOOKS}/2/publish", None)
    assert (refused.status_code, code_of(refused)) == (409, "look-draft-open")
    for number in (4, 99):
        assert (await studio.doors.post(studio.manager, f"{LOOKS}/{number}/publish", None)).status_code in (404, 409)


async def test_two_who_edit_do_not_overwrite_each_other(studio: Studio) -> None:
    first = await studio.save()
    await studio.save(revision=first["revision"], color="#00734a")
    late = await studio.doors.put(studio.manager, DRAFT, {**LOOK, "revision": first["revision"]})
    assert (late.status_code, code_of(late)) == (409, "look-changed")
    new = await studio.doors.put(studio.manager, DRAFT, {**LOOK, "revision": 0})
    assert code_of(new) == "look-changed"
    assert await studio.publish(first["revision"]) == 409

    looks = (await studio.doors.get(studio.manager, LOOKS)).json()
    assert looks["draft"]["look"]["color"] == "#00734a"
    assert looks["published"] is None


async def test_what_one_process_publishes_is_let_in_by_all(studio: Studio, database_url: str) -> None:
    site, sites = "https://www.example.com", CarryingSites([])
    elsewhere = Database(database_url, studio.office.clock)
    bus = EventBus(elsewhere)
    module = wiring.build(elsewhere, bus, studio.office.identity, sites)
    await bus.start()
    await module.start()
    try:
        draft = await studio.save()
        await studio.publish(draft["revision"])
        assert site not in sites
        await bus.catch_up()
        await bus.settled()
        assert site in sites
    finally:
        await bus.stop()
        await elsewhere.close()


async def test_a_published_site_is_let_in_for_this_tenant_alone(studio: Studio) -> None:
    site = "https://www.example.com"
    assert site not in studio.sites
    draft = await studio.save()
    assert not studio.lets_in(site)
    await studio.publish(draft["revision"])

    assert site in studio.sites
    assert studio.lets_in(site)
    assert not studio.lets_in(site, other=True)
    assert studio.lets_in("https://everybodys.example.com", other=True)
    assert studio.lets_in("https://care.example.com")
    assert not studio.lets_in("https://www.example.com.evil.example")
    await studio.publish((await studio.save(sites=[]))["revision"])
    assert site not in studio.sites


async def test_a_picture_is_kept_and_served_as_what_it_is(studio: Studio) -> None:
    added = await studio.doors.raw(studio.manager, "POST", "/widget/pictures", png())
    assert added.status_code == 201, added.text
    picture = added.json()["id"]
    await studio.publish((await studio.save(picture=picture))["revision"])
    assert (await studio.seen())["picture"] == picture
    served = await studio.doors.get(None, f"/visitor/look/pictures/{picture}", tenant="demo")

    assert (served.status_code, served.headers["content-type"], served.content) == (200, "image/png", png())
    assert served.headers["content-security-policy"] == "default-src 'none'; sandbox"
    elsewhere = await studio.doors.get(None, f"/visitor/look/pictures/{picture}", tenant="other")
    assert elsewhere.status_code == 404


async def test_what_is_refused_names_its_field_and_changes_nothing(studio: Studio) -> None:
    for more, field, code in (
        ({"color": "#ffff00"}, "color", "color-contrast-too-low"),
        ({"greeting_zh": " "}, "greeting_zh", "text-empty"),
        ({"greeting_en": "x" * 201}, "greeting_en", "text-too-long"),
        ({"avatar": "<b"}, "avatar", "avatar-not-usable"),
        ({"sites": ["https://a.example", "http://b.example"]}, "sites/1", "site-not-usable"),
        ({"picture": str(uuid4())}, "picture", "picture-not-found"),
        ({"side": "top"}, "side", "field-invalid"),
    ):
        answer = await studio.doors.put(studio.manager, DRAFT, {**LOOK, **more, "revision": 0})
        assert (answer.status_code, code_of(answer), answer.json()["field"]) == (422, code, field), answer.text
    script = await studio.doors.raw(studio.manager, "POST", "/widget/pictures", b"<svg onload='alert(1)'/>")
    assert (script.status_code, code_of(script)) == (422, "picture-not-usable")
    assert (await studio.doors.get(None, "/visitor/look", tenant="nobody")).status_code == 404

    looks = (await studio.doors.get(studio.manager, LOOKS)).json()
    assert (looks["draft"], looks["published"], looks["past"]) == (None, None, [])
    assert await studio.seen() == {name: value for name, value in looks["ours"].items() if name != "sites"}


async def test_only_who_may_and_no_other_tenant(studio: Studio) -> None:
    draft = await studio.save()
    lesser = without_permission(studio.manager, "widget:manage")
    stranger = await studio.office.staff("widget:manage", tenant=studio.office.other)
    for who, status in ((lesser, 403), (None, 401)):
        assert (await studio.doors.get(who, LOOKS)).status_code == status
        assert (await studio.doors.put(who, DRAFT, {**LOOK, "revision": 0})).status_code == status
        assert (await studio.doors.post(who, "/widget/publish", {"revision": 1})).status_code == status
    assert (await studio.doors.get(stranger, LOOKS)).json()["draft"] is None
    theirs = await studio.doors.post(stranger, "/widget/publish", {"revision": draft["revision"]})
    assert theirs.status_code == 409


async def test_two_who_begin_at_once_are_told_apart(studio: Studio) -> None:
    async def begin(name: str) -> int:
        answer = await studio.doors.put(studio.manager, DRAFT, {**LOOK, "greeting_en": name, "revision": 0})
        return answer.status_code

    assert sorted(await asyncio.gather(*(begin(str(one)) for one in range(4)))) == [200, 409, 409, 409]
    assert await studio.publish(1) == 200
    backs = [studio.doors.post(studio.manager, f"{LOOKS}/1/publish", None) for _ in range(4)]
    assert {answer.status_code for answer in await asyncio.gather(*backs)} <= {200, 409}


async def test_room_is_made_for_pictures_that_no_look_shows(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    async def add(edge: int) -> Any:
        return await studio.doors.raw(studio.manager, "POST", "/widget/pictures", png(edge, edge))

    monkeypatch.setattr(looks, "MOST_PICTURES", 3)
    shown = (await add(1)).json()["id"]
    await studio.save(picture=shown)
    assert [(await add(edge)).status_code for edge in (2, 3)] == [201, 201]
    full = await add(4)
    assert (full.status_code, code_of(full)) == (409, "too-many-pictures"), "somebody may be choosing just now"
    studio.office.clock.advance(days=1, minutes=1)
    assert (await add(4)).status_code == 201
    assert (await studio.doors.get(None, f"/visitor/look/pictures/{shown}", tenant="demo")).status_code == 200

"""Signing in through a real small provider on loopback, and everything a bad one, or a bad browser, may try."""

import base64
import dataclasses
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, expect

from careline.bootstrap import Careline, build
from careline.entrypoints.web.app import create_app
from careline.infra.settings.settings import load
from careline.kernel.errors import Invalid
from careline.kernel.tenancy import system_actor
from careline.modules.directory.identity.engine import one_time
from careline.modules.directory.identity.engine.handshake import own_path
from careline.modules.directory.identity.views import NewTenant, NewUser
from tests.support.house import BASE, CHEAP, PASSWORD
from tests.support.oidc_provider import CLIENT_ID, CLIENT_SECRET, SmallProvider, a_key
from tests.support.serving import serving

pytestmark = pytest.mark.slow

BEGIN, BACK = "/api/v1/session/external/begin", "/api/v1/session/external/back"


@dataclasses.dataclass
class Here:
    """Careline with a provider beside it."""

    careline: Careline
    provider: SmallProvider
    app: FastAPI

    def browser(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 50_000))
        return httpx.AsyncClient(transport=transport, base_url=BASE)

    async def begin(self, http: httpx.AsyncClient, **query: str) -> dict[str, str]:
        """What the provider is asked when a browser begins."""
        away = await http.get(BEGIN, params=query)
        assert away.status_code == 303, away.text
        return {name: value for name, (value,) in parse_qs(urlsplit(away.headers["location"]).query).items()}

    async def finish(self, http: httpx.AsyncClient, asked: dict[str, str]) -> httpx.Response:
        return await http.get(self.provider.back(asked).removeprefix(BASE))

    async def sign_in(self) -> httpx.Response:
        async with self.browser() as http:
            return await self.finish(http, await self.begin(http))

    async def user(self, login: str) -> Any:
        tenant = await self.careline.identity.facade.tenant_by_code("demo")
        assert tenant is not None
        return await self.careline.identity.facade.user_by_login(tenant.id, login)


@asynccontextmanager
async def centre(tmp_path: Path, database_url: str, **more: str) -> AsyncIterator[Here]:
    provider = SmallProvider()
    async with serving(provider.app()) as place:
        provider.issuer = f"http://{place}"
        secret = tmp_path / "secret"
        secret.write_text(f"{CLIENT_SECRET}\n", encoding="utf-8")
        settings = {
            "CARELINE_DATA": str(tmp_path / "var"),
            "CARELINE_DATABASE_URL": database_url,
            "CARELINE_VOICE": "off",
            "CARELINE_ADDRESS": BASE,
            "CARELINE_OIDC_ISSUER": provider.issuer,
            "CARELINE_OIDC_CLIENT_ID": CLIENT_ID,
            "CARELINE_OIDC_SECRET_FILE": str(secret),
            "CARELINE_OIDC_TENANT": "demo",
            "CARELINE_EGRESS_PRIVATE": "127.0.0.1",
        }
        (tmp_path / "var").mkdir()
        careline = await build(load({**settings, **more}), cost=CHEAP)
        try:
            tenant = await careline.identity.facade.found_tenant(NewTenant(code="demo", name="示例移动"))
            for login, password in (("8021@example.com", None), ("8021", PASSWORD)):
                known = NewUser(login=login, display_name="陈晓岚", password=password, roles=("agent",))
                await careline.identity.facade.create_user(system_actor(tenant.id), known)
            yield Here(careline, provider, create_app(careline))
        finally:
            await careline.close()


@pytest.fixture
async def here(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Here]:
    async with centre(tmp_path, sqlite_url) as made:
        yield made


def refusal(answer: httpx.Response) -> str:
    """The code with which a browser is sent back to the sign-in page."""
    assert answer.status_code == 303, answer.text
    assert "careline_session" not in answer.cookies
    place = urlsplit(answer.headers["location"])
    assert (place.scheme, place.netloc, place.path) == ("", "", "/sign-in")
    return parse_qs(place.query)["refused"][0]


def still_wanted(answer: httpx.Response) -> str | None:
    """Where the sign-in page then leads to."""
    return parse_qs(urlsplit(answer.headers["location"]).query).get("next", [None])[0]


async def test_who_is_known_comes_in(here: Here) -> None:
    async with here.browser() as http:
        assert (await http.get("/api/v1/session/external")).json() == {"name": "127.0.0.1"}
        asked = await here.begin(http, next="/cases?q=x")
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == f"{BASE}{BACK}"
        back = await here.finish(http, asked)
        assert (back.status_code, back.headers["location"]) == (303, "/cases?q=x")
        session = (await http.get("/api/v1/session")).json()
        assert session["user"]["login"] == "8021@example.com"
        assert "desk:use" in session["permissions"]
        assert "careline_handshake" not in http.cookies


async def test_what_the_browser_keeps_says_nothing_and_goes_nowhere_else(here: Here) -> None:
    async with here.browser() as http:
        away = await http.get(BEGIN)
        cookie = away.headers["set-cookie"]
        assert "httponly" in cookie.lower()
        assert "path=/api/v1/session/external" in cookie.lower()
        (nonce,) = parse_qs(urlsplit(away.headers["location"]).query)["nonce"]
        assert nonce not in cookie
        assert nonce.encode() not in base64.urlsafe_b64decode(cookie.split(":")[2].split(";")[0].rstrip('"') + "==")


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": [CLIENT_ID, "another"]},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": ["person-1"]},
        {"sub": "x" * 256},
        {"sub": "人"},
        {"sub": "person-1\x00"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": None},
        {"email": ["8021@example.com"]},
        {"email": ""},
    ],
)
async def test_a_token_that_is_not_to_be_believed_opens_nothing(here: Here, claims: dict[str, Any]) -> None:
    here.provider.claims = claims
    assert refusal(await here.sign_in()) == "external-sign-in-failed"


@pytest.mark.parametrize("sign", ["none", "hs256", "other"])
async def test_a_token_that_the_provider_did_not_sign_opens_nothing(here: Here, sign: str) -> None:
    here.provider.sign = sign
    assert refusal(await here.sign_in()) == "external-sign-in-failed"


async def test_more_than_one_audience_is_fine_when_we_are_who_asked(here: Here) -> None:
    here.provider.claims = {"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID}
    assert (await here.sign_in()).headers["location"] == "/"


@pytest.mark.parametrize("email", ["stranger@example.com", "not a login", "8021@example.com\x00", "ß" * 80])
async def test_nobody_is_made_in_silence(here: Here, email: str) -> None:
    here.provider.email = email
    assert refusal(await here.sign_in()) == "external-person-unknown"
    assert await here.user("stranger@example.com") is None


async def test_somebody_is_made_when_the_settings_name_a_role(tmp_path: Path, sqlite_url: str) -> None:
    async with centre(tmp_path, sqlite_url, CARELINE_OIDC_CREATE_ROLE="agent") as here:
        here.provider.email = "New@Example.com"
        assert (await here.sign_in()).headers["location"] == "/"
        user = await here.user("new@example.com")
        assert user.display_name == "陈晓岚"
        assert await here.careline.identity.facade.role_codes(
            (await here.careline.identity.facade.tenants())[0].id, user.id
        ) == ["agent"]


@pytest.mark.parametrize("role", ["system_administrator", "audit_administrator", "integrator", "no_such_role"])
async def test_no_provider_makes_administrators(tmp_path: Path, sqlite_url: str, role: str) -> None:
    async with centre(tmp_path, sqlite_url, CARELINE_OIDC_CREATE_ROLE=role) as here:
        here.provider.email = "new@example.com"
        assert refusal(await here.sign_in()) == "external-sign-in-failed"
        assert await here.user("new@example.com") is None


async def test_another_claim_may_hold_the_login(tmp_path: Path, sqlite_url: str) -> None:
    async with centre(tmp_path, sqlite_url, CARELINE_OIDC_CLAIM="employee_number") as here:
        here.provider.claims = {"employee_number": "8021", "email_verified": False}
        assert (await here.sign_in()).headers["location"] == "/"


async def test_who_came_in_before_is_known_whatever_they_are_called_now(here: Here) -> None:
    assert (await here.sign_in()).headers["location"] == "/"
    here.provider.email = "8021"  # another's login
    async with here.browser() as http:
        await here.finish(http, await here.begin(http))
        assert (await http.get("/api/v1/session")).json()["user"]["login"] == "8021@example.com"
    here.provider.claims = {"email_verified": True, "sub": "person-2"}
    here.provider.email = "8021"
    assert (await here.sign_in()).headers["location"] == "/"


async def test_nobody_comes_in_as_somebody_else_by_taking_their_name(here: Here) -> None:
    async with here.browser() as http:
        await here.finish(http, await here.begin(http))
        here.provider.claims = {"sub": "person-2"}
        assert refusal(await here.sign_in()) == "external-person-other"
        assert refusal(await here.finish(http, await here.begin(http))) == "external-person-other"
        assert (await http.get("/api/v1/session")).status_code == 200, "a refused sign-in signs nobody out"

        identity, user = here.careline.identity.facade, await here.user("8021@example.com")
        tenant = await identity.tenant_by_code("demo")
        assert tenant is not None
        await identity.bindings.forget(system_actor(tenant.id), user.id)
        assert (await http.get("/api/v1/session")).status_code == 401
    assert (await here.sign_in()).headers["location"] == "/"
    here.provider.claims = {}
    assert refusal(await here.sign_in()) == "external-person-other"


async def test_an_answer_counts_in_the_browser_that_asked_and_once(here: Here) -> None:
    async with here.browser() as mine, here.browser() as other:
        asked = await here.begin(mine)
        assert refusal(await here.finish(other, asked)) == "external-sign-in-stale"
        await here.begin(other)
        assert refusal(await here.finish(other, asked)) == "external-sign-in-stale"

        asked = await here.begin(mine)
        kept = mine.cookies["careline_handshake"]
        address = here.provider.back(asked).removeprefix(BASE)
        assert (await mine.get(address)).headers["location"] == "/"
        replayed = await other.get(address, headers={"Cookie": f"careline_handshake={kept}"})
        assert refusal(replayed) == "external-sign-in-stale"
        assert len(here.provider.redeemed) == 1


async def test_a_code_that_was_used_already_is_good_for_nothing(here: Here) -> None:
    async with here.browser() as http:
        asked = await here.begin(http, next="/cases?q=x&type=fault")
        address = here.provider.back(asked)
        here.provider.codes.clear()
        refused = await http.get(address.removeprefix(BASE))
        assert (refusal(refused), still_wanted(refused)) == ("external-sign-in-failed", "/cases?q=x&type=fault")


@pytest.mark.parametrize(
    "query",
    ["", "?state=x", "?code=x", "?state=&code=", "?state=%00&code=%ff", "?error=access_denied&state=x"],
)
async def test_junk_in_the_answer_is_refused(here: Here, query: str) -> None:
    async with here.browser() as http:
        await here.begin(http, next="/cases")
        refused = await http.get(f"{BACK}{query}")
        assert (refusal(refused), still_wanted(refused)) == ("external-sign-in-stale", "/cases")
        for kept in ("", "junk", "aes-256-gcm:00000000:AAAA"):
            answer = await http.get(f"{BACK}?state=x&code=x", headers={"Cookie": f"careline_handshake={kept}"})
            assert (refusal(answer), still_wanted(answer)) == ("external-sign-in-stale", None)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/x\r\nSet-Cookie: a=b",
        "/x\\..\\y",
        "evil.example",
        "/" + "x" * 600,
        "",
    ],
)
async def test_it_leads_nowhere_else(here: Here, wanted: str) -> None:
    async with here.browser() as http:
        back = await here.finish(http, await here.begin(http, next=wanted))
    assert back.headers["location"] == "/"
    assert own_path(wanted) == "/"


async def test_who_has_a_second_factor_here_needs_one_there(here: Here) -> None:
    identity = here.careline.identity.facade
    async with here.browser() as http:
        await here.finish(http, await here.begin(http))
        who = await identity.authenticate(http.cookies["careline_session"])
        made = await identity.factors.enrol(who)
        raw = base64.b32decode(made.secret + "=" * (-len(made.secret) % 8))
        code = one_time.hotp(raw, one_time.step_of(here.careline.clock.now()))
        await identity.factors.confirm(who, code)
    assert refusal(await here.sign_in()) == "external-second-factor-missing"
    here.provider.claims = {"amr": ["pwd"]}
    assert refusal(await here.sign_in()) == "external-second-factor-missing"
    here.provider.claims = {"amr": ["pwd", "otp"]}
    assert (await here.sign_in()).headers["location"] == "/"


async def test_keys_may_change_while_we_run(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await here.sign_in()).headers["location"] == "/"
    here.provider.key = a_key("two")
    assert refusal(await here.sign_in()) == "external-sign-in-failed"
    later = here.careline.clock.monotonic() + 61
    monkeypatch.setattr(here.careline.clock, "monotonic", lambda: later)
    assert (await here.sign_in()).headers["location"] == "/"


async def test_without_the_provider_one_signs_in_here(tmp_path: Path, sqlite_url: str) -> None:
    async with centre(tmp_path, sqlite_url, CARELINE_OIDC_ISSUER="http://127.0.0.1:9") as here, here.browser() as http:
        refused = await http.get(f"{BEGIN}?next=/cases")
        assert (refusal(refused), still_wanted(refused)) == ("provider-not-answering", "/cases")
        assert still_wanted(await http.get(f"{BEGIN}?next=//evil.example")) is None
        wanted = {"tenant": "demo", "login": "8021", "password": PASSWORD}
        assert (await http.post("/api/v1/session", json=wanted)).status_code == 200


@pytest.mark.browser
async def test_in_a_real_browser(tmp_path: Path, sqlite_url: str, chromium: Browser) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with (
        centre(tmp_path, sqlite_url, CARELINE_ADDRESS=address, CARELINE_OIDC_NAME="示例统一登录") as here,
        serving(here.app, listening),
    ):
        page = await (await chromium.new_context(locale="zh-CN")).new_page()
        await page.goto(f"{address}/sign-in?next=/account")
        await page.get_by_role("link", name="用 示例统一登录 登录").click()
        await page.get_by_role("button", name="Sign in as 8021@example.com").click()
        await expect(page).to_have_url(f"{address}/account")
        await expect(page.get_by_text("登录的地方")).to_be_visible()
        await page.goto("about:blank")

        here.provider.email = "stranger@example.com"
        here.provider.claims = {"sub": "person-2"}
        page = await (await chromium.new_context(locale="zh-CN")).new_page()
        await page.goto(f"{address}/sign-in?next=/account")
        await page.get_by_role("link", name="用 示例统一登录 登录").click()
        await page.get_by_role("button", name="Sign in as stranger@example.com").click()
        await expect(page.get_by_role("alert")).to_contain_text("在这里没有账号")
        assert "next=%2Faccount" in page.url
        await page.goto("about:blank")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"CARELINE_OIDC_CLIENT_ID": ""}, "CARELINE_OIDC_CLIENT_ID"),
        ({"CARELINE_OIDC_SECRET_FILE": ""}, "CARELINE_OIDC_SECRET_FILE"),
        ({"CARELINE_OIDC_TENANT": ""}, "CARELINE_OIDC_TENANT"),
        ({"CARELINE_ADDRESS": ""}, "CARELINE_ADDRESS"),
        ({"CARELINE_ADDRESS": "https://a.example/path"}, "CARELINE_ADDRESS"),
        ({"CARELINE_OIDC_ISSUER": "http://idp.example.com"}, "CARELINE_OIDC_ISSUER"),
        ({"CARELINE_OIDC_ISSUER": "https://idp.example.com?x"}, "CARELINE_OIDC_ISSUER"),
        ({"CARELINE_OIDC_ISSUER": "https://a:b@idp.example.com"}, "CARELINE_OIDC_ISSUER"),
        ({"CARELINE_OIDC_HOSTS": "https://a.example"}, "CARELINE_OIDC_HOSTS"),
        ({"CARELINE_EGRESS_PRIVATE": "a b"}, "CARELINE_EGRESS_PRIVATE"),
    ],
)
def test_settings_that_are_refused(changed: dict[str, str], field: str) -> None:
    good = {
        "CARELINE_ADDRESS": "https://careline.example.com",
        "CARELINE_OIDC_ISSUER": "https://idp.example.com",
        "CARELINE_OIDC_CLIENT_ID": "careline",
        "CARELINE_OIDC_SECRET_FILE": "secret",
        "CARELINE_OIDC_TENANT": "demo",
    }
    assert load(good).oidc.issuer
    with pytest.raises(Invalid) as refused:
        load({**good, **changed})
    assert refused.value.field == field

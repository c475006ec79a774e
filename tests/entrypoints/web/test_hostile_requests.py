"""Schemathesis against the running server, from the document that it publishes: whatever is sent, never a 5xx.

Requests are made up around ids that are there and requests that are right. They come in turn from somebody who may
everything, from an agent, from a customer and from nobody; and every operation has to succeed at least once, since one
that only ever refuses has not been tried.
"""

import asyncio
import json
import os
import re
import sqlite3
import sys
from collections import defaultdict
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from careline.infra.http import AccessKind, marked_routes
from careline.kernel.tenancy import system_actor
from careline.modules.directory.identity.permissions import PERMISSIONS
from careline.modules.directory.identity.views import NewRole
from tests.support.described import described
from tests.support.house import Browser, House
from tests.support.occupied import QUIET_FLOW, occupied
from tests.support.requesting import operations
from tests.support.serving import serving

pytestmark = pytest.mark.slow

SENDER, AGENT, SOMEBODY = "8025", "8026", "8027"

CUTS_ITS_OWN_BRANCH = (
    "^/api/v1/(session|users|roles|me|service-accounts)|^/api/v1/(floor/agents/.*/sign-out|visitor/leave)"
)
"""Signing in and out, users and what they may do: this may end the sender's own session (or token), so it is
sent last."""

CLIENTS_FAULT, SERVERS_FAULT, NOT_NOW = 400, 500, 503
SOME = 100
"""Operations that each of the senders who may little tries at least; how many there are is more than twice that."""

EVERYTHING_ELSE = ("--exclude-path-regex", CUTS_ITS_OWN_BRANCH)
THE_BRANCH = ("--include-path-regex", CUTS_ITS_OWN_BRANCH)

NEVER_RIGHT = {
    "DELETE /api/v1/conversations/{conversation_id}/participants/{user_id}": "nobody else is in the chat",
    "DELETE /api/v1/customers/{customer_id}/lines/{subscription_id}/service-password": "none is set",
    "DELETE /api/v1/customers/{customer_id}/lines/{subscription_id}/users/{party_id}": "the line has no further user",
    "DELETE /api/v1/dismissed-pairs/{customer_id}/{other_id}": "the pair was merged before it",
    "DELETE /api/v1/floor/chats/{interaction_id}/presence": "who sends serves the chat",
    "DELETE /api/v1/flow-connections/{code}": "no business system may be asked",
    "DELETE /api/v1/interactions/{interaction_id}/transfer": "nothing can be passed on, see there",
    "DELETE /api/v1/session": "the change of a password, sent before, ended it",
    "DELETE /api/v1/sessions": "the change of a password, sent before, ended it",
    "DELETE /api/v1/sessions/{session_id}": "the change of a password, sent before, ended it",
    "DELETE /api/v1/users/{user_id}/second-factor": "needs a confirmed one",
    "GET /api/v1/customers/{customer_id}/merge": "the pair was merged before it",
    "GET /api/v1/recordings/{recording_id}/audio": "nothing is recorded without voice",
    "GET /api/v1/softphone": "voice is off",
    "GET /api/v1/visitor/look/pictures/{picture_id}": "the picture is in no published look",
    "POST /api/v1/cases/{case_id}/left-message/reveal": "the case is none of a left message",
    "POST /api/v1/conversations/{conversation_id}/participants": "no other agent is there",
    "POST /api/v1/customers/{customer_id}/data-requests": "the customer has proved nothing",
    "POST /api/v1/data-requests/{data_request_id}/approve": "the demo's are decided",
    "POST /api/v1/data-requests/{data_request_id}/refuse": "the demo's are decided",
    "POST /api/v1/demo-phone": "voice is off",
    "POST /api/v1/flow-connections": "no business system may be asked",
    "POST /api/v1/floor/chats/{interaction_id}/take-over": "who sends serves the chat",
    "POST /api/v1/floor/waiting/{interaction_id}/move": "who sends is offered the chat at once",
    "POST /api/v1/interactions/{interaction_id}/assurance/answers": "right answers are not made up",
    "POST /api/v1/interactions/{interaction_id}/assurance/password": "none is set",
    "POST /api/v1/interactions/{interaction_id}/assurance/password/new": "the customer has proved nothing",
    "POST /api/v1/interactions/{interaction_id}/end": "the chat in hand is needed for the others",
    "POST /api/v1/interactions/{interaction_id}/left-message/put-off": "the contact is none of a left message",
    "POST /api/v1/interactions/{interaction_id}/left-message/reveal": "the contact is none of a left message",
    "POST /api/v1/interactions/{interaction_id}/transfer": "nobody else is there to take it",
    "POST /api/v1/invitation": "its link was sent to nobody",
    "POST /api/v1/invitation/look": "its link was sent to nobody",
    "POST /api/v1/offers/{offer_id}/accept": "the offer was taken",
    "POST /api/v1/offers/{offer_id}/decline": "the offer was taken",
    "POST /api/v1/org-units/{unit_id}/close": "people come into it all the time",
    "POST /api/v1/sealed-cases/{case_id}/open": "no complaint is sealed",
    "POST /api/v1/session/second-factor/confirm": "codes are not made up",
    "POST /api/v1/session/second-factor/off": "codes are not made up",
    "POST /api/v1/session/second-factor/recovery-codes": "codes are not made up",
    "POST /api/v1/visitor/left-messages": "somebody is there",
    "POST /api/v1/visitor/password-forms/{form_id}": "the form of the seed is of another line",
    "PUT /api/v1/interactions/{interaction_id}/hold": "voice is off",
    "PUT /api/v1/flow-connections/{code}": "no business system may be asked",
    "POST /api/v1/visitor/rating": "the chat goes on",
    "POST /api/v1/widget/publish": "needs the revision of a draft",
    "PUT /api/v1/floor/chats/{interaction_id}/presence": "who sends serves the chat",
}
"""Operations that nothing made up here can succeed at → why, and so who tests them."""


async def test_no_request_makes_the_server_fail(house: House, tmp_path: Path) -> None:
    tokens: list[str] = []
    ids = await occupied(house, tokens)
    sender = await may_everything(house)
    senders = {
        "all": {**carried(sender), "Authorization": f"Bearer {tokens[0]}"},
        "spare": carried(await house.sign_in(SENDER)),
        "agent": carried(await house.sign_in(AGENT)),
        "visitor": {"Authorization": f"Bearer {tokens[0]}"},
        "nobody": {},
    }
    right = await right_requests(house, sender, ids)
    (tmp_path / "senders.json").write_text(json.dumps(senders))
    (tmp_path / "openapi.json").write_text(json.dumps(described(house, ids, right)))
    async with serving(house.app) as address, house.nobody() as asking:
        assert await sent(tmp_path, address, EVERYTHING_ELSE) > 500
        still = await asking.get("/api/v1/session", headers=senders["all"])
        assert still.status_code == 200, "it ended its own session"
        assert await sent(tmp_path, address, THE_BRANCH) > 50
        assert (await asking.get("/readyz")).status_code == 200
    asked, succeeded = answers(tmp_path / "noted")
    everything = {f"{one.method.upper()} {one.path}" for one in operations(house)}
    assert set().union(*asked.values()) == everything
    assert everything >= NEVER_RIGHT.keys()
    never = everything - set().union(*succeeded.values()) - NEVER_RIGHT.keys()
    assert not never, (
        "these were never right: say in right_requests what they need, or in NEVER_RIGHT why they cannot be"
    )
    assert succeeded["nobody"] <= opened(house, AccessKind.PUBLIC)
    assert succeeded["visitor"] <= opened(house, AccessKind.PUBLIC, AccessKind.VISITOR)
    assert all(len(asked[who]) > SOME for who in ("agent", "visitor", "nobody"))


def answers(file: Path) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """By sender: what they asked for, and what they had."""
    asked: dict[str, set[str]] = defaultdict(set)
    succeeded: dict[str, set[str]] = defaultdict(set)
    for line in file.read_text(encoding="utf-8").splitlines():
        who, operation, status = json.loads(line)
        assert status < SERVERS_FAULT or status == NOT_NOW, f"{operation}, tried again, was answered by {status}"
        asked[who].add(operation)
        if status < CLIENTS_FAULT:
            succeeded[who].add(operation)
    return asked, succeeded


def opened(house: House, *kinds: AccessKind) -> set[str]:
    """What is open to such senders."""
    routes = [route for route in marked_routes(house.app) if route.access[0].kind in kinds]
    return {f"{method} {route.path}" for route in routes for method in route.methods}


async def may_everything(house: House) -> Browser:
    """An agent with a chat in hand who may everything, past the program: no role has that, and nobody may give it."""
    with closing(sqlite3.connect(house.database_file, timeout=10)) as connection:
        every = json.dumps(dict.fromkeys(PERMISSIONS, "tenant"))
        connection.execute(
            "UPDATE role SET permissions = ?, built_in = 0 WHERE code = 'supervisor' AND tenant_id = ?",
            (every, house.tenant.id.hex),
        )
        connection.commit()
    user = await house.sign_in(SENDER)
    roles = {"agent": None, "supervisor": None}
    await house.careline.identity.facade.set_roles(system_actor(house.tenant.id), UUID(user.user_id), roles)
    return await house.sign_in(SENDER)


def carried(browser: Browser) -> dict[str, str]:
    cookies = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())
    return {"Cookie": cookies, "X-CSRF-Token": browser.session["csrf_token"]}


async def made(browser: Browser, path: str, body: dict[str, Any]) -> str:
    """The id of something new."""
    answer = await browser.ask("POST", f"/api/v1{path}", json=body)
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


async def another_chat(house: House) -> str:
    """The id of its contact."""
    async with house.nobody() as guest:
        entered = await guest.post("/api/v1/visitor", json={"tenant": "demo", "locale": "zh-CN"})
        guest.headers["Authorization"] = f"Bearer {entered.json()['token']}"
        said = await guest.post("/api/v1/visitor/messages", json={"client_id": str(uuid4()), "text": "在吗"})
    return str(said.json()["interaction_id"])


Right = dict[str, dict[str, Any]]
"""What a schema does not say of a request that succeeds, by operation: parts of its body, of its path and query."""


async def right_requests(house: House, sender: Browser, ids: dict[str, str]) -> Right:
    return {
        **TELLING_WHOM,
        **await about_customers(house, sender, ids),
        **await about_people(house, sender),
        **await about_settings(sender),
        **await about_audit(sender),
    }


FILE = {"client_id": str(uuid4()), "name": "a.txt"}
TELLING_WHOM: Right = {
    "visitor_service": {"tenant": "demo"},
    "flows_chat_opening": {"tenant": "demo"},
    "widget_look": {"tenant": "demo"},
    "visitor_enter": {"tenant": "demo", "name": "客人", "msisdn": None, "locale": "zh-CN"},
    "visitor_send_file": FILE,
    "conversations_send_file": FILE,
    "conversations_wrap_up": {"disposition": "consultation-tariff"},
    "cases_move": {"state": "in_progress"},
    "demo_got": {"number": "13812346021"},
}


async def about_customers(house: House, sender: Browser, ids: dict[str, str]) -> Right:
    about = f"/api/v1/customers/{ids['customer']}"
    noted = await sender.ask("POST", f"{about}/notes", json={"text": "某备注"})
    reach = {"kind": "phone", "value": "13900008888", "version": 1}
    reached = await sender.ask("POST", f"{about}/contact-points", json=reach)
    assert reached.is_success, reached.text
    point = str(max(house.ids_of(house.tenant.id)["contact_point"]))
    return {
        "customers_merge_preview": {"absorbed_id": ids["twin"]},
        "customers_rewrite_note": {"note_id": noted.json()["notes"][0]["id"], "text": "改过的备注"},
        "customers_remove_contact_point": {"contact_point_id": point, "version": 1},
        "privacy_set_data_request_rules": {"due_days": 15, "recording_days": 30, "complaint_days": 365},
        "conversations_end": {"interaction_id": await another_chat(house)},
    }


async def about_people(house: House, sender: Browser) -> Right:
    passwords = {account.login: account.password for account in house.demo.accounts}
    root = (await sender.http.get("/api/v1/org-units")).json()["items"][0]["id"]
    keeper, new = system_actor(house.tenant.id), house.careline.identity.facade.create_role
    roles = [await new(keeper, NewRole(code=code, name=code, permissions={})) for code in ("spare", "sparer")]
    program = {"name": "某程序", "permissions": {"insight:view": "tenant"}}
    month = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    return {
        "identity_sign_in": {"tenant": "demo", "login": SOMEBODY, "password": passwords[SOMEBODY], "code": None},
        "identity_enrol_second_factor": {"password": passwords[SENDER]},
        "identity_change_password": {"current": passwords[SENDER], "password": "correct horse battery staple"},
        "identity_create_user": {"post_id": None},
        "identity_change_user": {"post_id": None},
        "identity_change_locale": {"locale": "zh-CN"},
        "identity_create_service_account": {**program, "expires_at": month},
        "identity_add_org_unit": {"parent_id": root},
        "identity_change_org_unit": {"parent_id": root},
        "identity_set_roles": {"grants": [{"role": "agent", "scope": None}]},
        "identity_change_role": {"role_id": str(roles[0].id), "permissions": {"desk:use": "tenant"}},
        "identity_remove_role": {"role_id": str(roles[1].id), "version": 1},
        "identity_change_post": {"name": "另一岗"},
        "identity_remove_post": {"version": 2},
        "routing_choose": {"chosen": "ready", "reason": None},
    }


async def about_settings(sender: Browser) -> Right:
    tree = (await sender.http.get("/api/v1/dispositions/all")).json()["items"]
    codes = [one["code"] for one in tree if one["parent"] is None]
    reply = {"group": "某组", "language": "zh-CN", "title": "某回复", "text": "某回复"}
    own = [await made(sender, "/quick-replies/mine", reply) for _ in range(2)]
    desk = await made(sender, "/desks", {"name": "空专席", "queues": [], "kinds": []})
    skill = await sender.ask("POST", "/api/v1/skills", json={"code": "spare", "name": "没人会的"})
    assert skill.is_success, skill.text
    number = {"number": "95570", "name": "某号码", "entry_flow": "hotline", "rules": []}
    spare = (await sender.ask("POST", "/api/v1/numbers", json=number)).json()
    return {
        "quick-replies_add": reply,
        "quick-replies_add_own": reply,
        "quick-replies_change_own": {"reply_id": own[0]},
        "quick-replies_forget_own": {"reply_id": own[1]},
        "dispositions_add": {"code": "brand-new", "parent": None, "queue_ids": []},
        "dispositions_order": {"parent": None, "was": codes, "codes": codes},
        "telephony_make_number": {"number": "95561"},
        "telephony_remove_number": {"number_id": spare["id"], "version": 1},
        "hours_make_calendar": {"name": "新日历"},
        "routing_remove_desk": {"desk_id": desk},
        "routing_remove_skill": {"code": "spare"},
        "flows_make": {"code": "another", "definition": QUIET_FLOW, "drawing": None},
        "flows_bring_in": {"code": "brought", "definition": QUIET_FLOW, "drawing": None},
        "flows_save_draft": {"definition": QUIET_FLOW, "drawing": None, "revision": 2},
        "flows_publish": {"revision": 3},
        "flows_roll_back": {"version": 1},
        "flows_check": {"definition": QUIET_FLOW},
        "flows_simulate": {"code": "webchat", "version": None, "definition": None, "scene": {}},
        "flows_flow_file": {"code": "webchat", "version": "1"},
        "flows_difference": {"code": "webchat", "old": 1, "new": 1},
        "flows_journeys": {
            "code": "webchat",
            "since": "2026-11-01T00:00:00Z",
            "until": "2026-11-02T00:00:00Z",
            "version": 1,
        },
        "widget_save": {"color": "#7a1f5c", "avatar": "客", "picture": None, "sites": [], "revision": 0},
    }


async def about_audit(sender: Browser) -> Right:
    """What was taken out is for whoever asked for it."""
    extract = {"extract_id": await made(sender, "/audit/extracts", {"action": "tenant.founded"})}
    return {"identity_audit_extract_file": extract, "identity_audit_extract_proof": extract}


async def sent(folder: Path, address: str, which: tuple[str, str]) -> int:
    """How many requests were made up and sent; fails when one of them was answered by a 5xx."""
    program = await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("schemathesis")), "run", "openapi.json", "--url", f"http://{address}"),
        *("--checks", "not_a_server_error", "--phases", "examples,coverage,fuzzing", "--max-examples", "3"),
        *("--request-timeout", "60"),
        *("--generation-deterministic", "--suppress-health-check", "all", "--workers", "1", "--warnings", "off"),
        *which,
        cwd=folder,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": str(Path(__file__).with_name("senders.py")),
            "SENDERS": str(folder / "senders.json"),
            "NOTED": str(folder / "noted"),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said = (await program.communicate())[0].decode()
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    assert program.returncode == 0, said[-6000:]
    cases = re.search(r"(\d+) generated", said)
    assert cases is not None, said[-2000:]
    return int(cases[1])

"""The SMS gateway over HTTP, against a real server: what is posted, tried again, given up, and never told."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI, Request
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import RedirectResponse, Response

from careline.adapters.smsgateway.assembly import sms_gateway
from careline.adapters.smsgateway.gateway import HttpGateway, filled
from careline.infra.egress.client import Egress, Host
from careline.infra.settings.settings import load
from careline.infra.settings.sms import FORM_TYPE, SmsSettings, load_sms
from careline.kernel.errors import AdapterFailure, Invalid, PermanentFailure, TransientFailure
from careline.kernel.tenancy import TenantId
from careline.modules.directory.customers.ports import Handed, NewText
from tests.support.serving import serving
from tests.support.waiting import PATIENCE_S

TENANT = TenantId(UUID(int=7))
NUMBER, CODE, SECRET = "13812346021", "738629", "Bearer s3cret-of-the-gateway"
TEXT = NewText(
    id=UUID(int=9), number=NUMBER, text=f"验证码 {CODE}", code=CODE, good_until=datetime(2026, 1, 2, tzinfo=UTC)
)


class Gateway:
    """Answers what it was told to, in turn; the last answer stays."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.pauses: list[float] = []
        self.limit: asyncio.Timeout | None = None
        """How long who asks waits for an answer; over as soon as ``/slow`` was asked."""
        self.app = FastAPI()
        self.app.post("/send")(self._send)
        self.app.post("/slow")(self._slow)

    async def _send(self, request: Request) -> Response:
        self.asked.append((dict(request.headers), await request.body()))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return RedirectResponse("http://169.254.169.254/", status) if status == 302 else Response(status_code=status)

    async def _slow(self, request: Request) -> None:
        self.asked.append((dict(request.headers), await request.body()))
        assert self.limit is not None
        self.limit.reschedule(asyncio.get_running_loop().time())
        await asyncio.sleep(60)

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    @asynccontextmanager
    async def reached(self, tmp_path: Path, path: str = "/send", **changed: Any) -> AsyncIterator[HttpGateway]:
        secret = tmp_path / "secret"
        secret.write_text(f"{SECRET}\n", encoding="utf-8")
        async with serving(self.app) as place:
            port = int(place.rpartition(":")[2])
            env = {
                "CARELINE_SMS_URL": f"http://127.0.0.1:{port}{path}",
                "CARELINE_SMS_SECRET_FILE": str(secret),
                **changed,
            }
            settings = load_sms(env, tmp_path, private_hosts=["127.0.0.1"])
            host = Host(name="127.0.0.1", port=port, scheme="http", private=True)
            yield HttpGateway(settings, Egress((host,), timeout_s=PATIENCE_S), pause=self.pause)


async def test_a_text_is_posted_with_its_key_and_the_secret(tmp_path: Path) -> None:
    gateway = Gateway(202)
    async with gateway.reached(tmp_path) as sender:
        assert sender.is_ready
        assert await sender.send(TENANT, TEXT) is Handed.ACCEPTED
    ((headers, body),) = gateway.asked
    assert json.loads(body) == {"to": NUMBER, "text": f"验证码 {CODE}", "id": str(TEXT.id)}
    assert headers["authorization"] == SECRET
    assert headers["content-type"] == "application/json"
    assert headers["idempotency-key"] == str(TEXT.id)


@pytest.mark.parametrize("status", [500, 503, 429, 408])
async def test_what_may_work_later_is_tried_again_under_the_same_key(tmp_path: Path, status: int) -> None:
    gateway = Gateway(status, status, 200)
    async with gateway.reached(tmp_path) as sender:
        assert await sender.send(TENANT, TEXT) is Handed.ACCEPTED
    assert len(gateway.asked) == 3
    assert {headers["idempotency-key"] for headers, _ in gateway.asked} == {str(TEXT.id)}
    assert len({body for _, body in gateway.asked}) == 1
    assert gateway.pauses == [0.5, 1.0]


@pytest.mark.parametrize(
    ("statuses", "failure", "tries"),
    [
        ((500,), TransientFailure, 3),
        ((400,), PermanentFailure, 1),
        ((401,), PermanentFailure, 1),
        ((302,), PermanentFailure, 1),
    ],
)
async def test_what_will_not_work_is_given_up_and_tells_nothing(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    statuses: tuple[int, ...],
    failure: type[AdapterFailure],
    tries: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway = Gateway(*statuses)
    async with gateway.reached(tmp_path) as sender:
        with pytest.raises(failure) as failed:
            await sender.send(TENANT, TEXT)
    assert len(gateway.asked) == tries
    told = caplog.text + failed.value.reason + repr(failed.value)
    assert [secret for secret in (NUMBER, CODE, SECRET) if secret in told] == []


async def test_who_does_not_answer_is_waited_for_shortly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway, waits = Gateway(200), asyncio.timeout

    def limit(seconds: float | None) -> asyncio.Timeout:
        assert seconds == PATIENCE_S
        gateway.limit = waits(seconds)
        return gateway.limit

    monkeypatch.setattr(asyncio, "timeout", limit)
    async with gateway.reached(tmp_path, "/slow", CARELINE_SMS_TRIES="2") as sender:
        with pytest.raises(TransientFailure, match="did not answer"):
            await sender.send(TENANT, TEXT)
    assert len(gateway.asked) == 2


async def test_a_secret_that_cannot_be_read_sends_nothing(tmp_path: Path) -> None:
    gateway = Gateway(200)
    async with gateway.reached(tmp_path) as sender:
        for broken in ("two\nlines", "密码"):
            (tmp_path / "secret").write_text(broken, encoding="utf-8")
            with pytest.raises(PermanentFailure):
                await sender.send(TENANT, TEXT)
        (tmp_path / "secret").unlink()
        with pytest.raises(PermanentFailure):
            await sender.send(TENANT, TEXT)
    assert gateway.asked == []


async def test_a_gateway_in_a_private_network_is_named_as_such_or_not_asked(tmp_path: Path) -> None:
    env = {"CARELINE_DATA": str(tmp_path), "CARELINE_SMS_URL": "https://127.0.0.1/send", "CARELINE_SMS_TRIES": "1"}
    sender = sms_gateway(load(env))
    assert sender is not None
    with pytest.raises(PermanentFailure, match="private network"):
        await sender.send(TENANT, TEXT)
    assert sms_gateway(load({"CARELINE_DATA": str(tmp_path)})) is None


@given(st.text(max_size=80))
def test_whatever_a_text_holds_stays_a_text(words: str) -> None:
    text = NewText(id=TEXT.id, number=NUMBER, text=words, code=CODE, good_until=TEXT.good_until)
    words = words.encode("utf-8", "ignore").decode()
    if words == text.text:
        found = json.loads(filled(settings(), text))
        assert found == {"to": NUMBER, "text": words, "id": str(TEXT.id)}


def test_a_form_is_written_as_forms_are() -> None:
    text = NewText(id=TEXT.id, number="+8613812346021", text="a&b={id}", code=CODE, good_until=TEXT.good_until)
    form = settings(CARELINE_SMS_CONTENT_TYPE=FORM_TYPE, CARELINE_SMS_BODY="mobile={number}&content={text}&sign=x")
    assert filled(form, text) == b"mobile=%2B8613812346021&content=a%26b%3D%7Bid%7D&sign=x"


def settings(**env: str) -> SmsSettings:
    return load_sms(env, Path("/nowhere"), private_hosts=["sms.internal"])


@pytest.mark.parametrize(
    ("env", "code"),
    [
        ({"CARELINE_SMS_URL": "http://sms.example.com/"}, "sms-url-not-usable"),
        ({"CARELINE_SMS_URL": "https://user:pass@sms.example.com/"}, "sms-url-not-usable"),
        ({"CARELINE_SMS_URL": "ftp://sms.example.com/"}, "sms-url-not-usable"),
        ({"CARELINE_SMS_URL": "https://[::1/"}, "sms-url-not-usable"),
        ({"CARELINE_SMS_BODY": '{"to":"{number}"}'}, "sms-body-not-usable"),
        ({"CARELINE_SMS_BODY": '{"to":{number},"text":"{text}"'}, "sms-body-not-usable"),
        ({"CARELINE_SMS_CONTENT_TYPE": "text/xml"}, "sms-content-type-unknown"),
        ({"CARELINE_SMS_HEADER": "X: 1\r\nY"}, "sms-header-not-usable"),
        ({"CARELINE_SMS_TIMEOUT": "0"}, "number-out-of-range"),
        ({"CARELINE_SMS_TRIES": "9"}, "number-out-of-range"),
    ],
)
def test_settings_that_cannot_work_are_refused_by_name(env: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        settings(**env)
    assert (refused.value.code, refused.value.field) == (code, next(iter(env)))
    assert "pass" not in str(refused.value)


def test_inside_the_house_a_gateway_may_do_without_tls() -> None:
    assert settings(CARELINE_SMS_URL="http://sms.internal:8080/send").url == "http://sms.internal:8080/send"

"""Careline as a process: started as operators start it, killed as machines kill it, asked as browsers ask it."""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpx

from careline.adapters.asterisk.node import read_keys
from careline.adapters.asterisk.probe import NodeProbe
from careline.adapters.asterisk.processes import asterisk_pid, keeper_pid
from careline.entrypoints.demo.accounts import read_passwords
from tests.support.browser import ROOT
from tests.support.waiting import PATIENCE_S
from tests.voice.support.phone import Phone
from tests.voice.support.ports import free_port

READY_WITHIN_S = 300
END_WITHIN_S = 120
TENANT = "demo"
NUMBER = "10086"


@dataclass
class RunningCentre:
    """One data folder and the process that serves it, on ports that stay over restarts."""

    data: Path
    http_port: int = field(default_factory=free_port)
    sip_port: int = field(default_factory=free_port)
    site_port: int = field(default_factory=free_port)
    """Of another site on this machine, which may carry the widget."""
    voice: str = "auto"
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def api(self) -> str:
        """Where its HTTP interface begins."""
        return f"{self.address}/api/v1"

    @property
    def said(self) -> str:
        """What it wrote on its output, over all its lives."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def _log(self) -> Path:
        return self.data.parent / "careline.log"

    @property
    def _node(self) -> Path:
        return self.data / "voice/voice-1"

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()  # else it would outlive the test that could not use it
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin, and wait until every part, voice included, is ready."""
        known = {name: value for name, value in os.environ.items() if not name.startswith("CARELINE_")}
        environment = known | {
            "CARELINE_DEMO": "1",
            "CARELINE_DATA": str(self.data),
            "CARELINE_HTTP_PORT": str(self.http_port),
            "CARELINE_SIP_PORT": str(self.sip_port),
            "CARELINE_VOICE": self.voice,
            "CARELINE_WIDGET_ORIGINS": f"http://127.0.0.1:{self.site_port}",
        }
        program = [sys.executable, "-c", "from careline.entrypoints.cli.app import main; main()", "serve"]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(program, cwd=ROOT, env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + READY_WITHIN_S
        while not self._is_ready():
            assert self.process.poll() is None, f"it ended: {self.said[-2000:]}"
            assert time.monotonic() < deadline, f"it was not ready in time: {self.said[-2000:]}"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would: without a word. Asterisk is a process of its own and stays."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it in order, Asterisk with it."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(END_WITHIN_S)
        left = [pid for pid in (keeper_pid(self._node), asterisk_pid(self._node)) if pid is not None]
        for pid in left:
            os.kill(pid, 9)
        assert not left, "Asterisk outlived an orderly end"

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=2) as answer:
                told = json.load(answer)
        except (OSError, urllib.error.URLError, ValueError):
            return False
        return bool(told["ready"])

    def password_of(self, login: str) -> str:
        """Of a demo account."""
        return read_passwords(self.data / "demo-accounts.txt")[login]

    async def channels(self) -> list[dict[str, Any]]:
        """What is on Asterisk's lines now."""
        keys = read_keys(self._node)
        assert keys is not None
        return await NodeProbe(keys).channels()

    async def phone(self, *, hertz: float = 0) -> Phone:
        """A caller's phone that says a tone of so many hertz; leave it by ``async with``."""
        phone = Phone(("127.0.0.1", self.sip_port), name="caller", hertz=hertz)
        await phone.open()
        return phone


class Staff:
    """One who is signed in over HTTP."""

    def __init__(self, centre: RunningCentre, login: str) -> None:
        self._centre, self._login = centre, login
        self.http = httpx.AsyncClient(base_url=centre.api, timeout=PATIENCE_S)

    async def __aenter__(self) -> "Staff":
        wanted = {"tenant": TENANT, "login": self._login, "password": self._centre.password_of(self._login)}
        answer = await self.http.post("/session", json=wanted)
        assert answer.status_code == 200, answer.text
        self.http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        self.id = str(answer.json()["user"]["id"])
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def get(self, path: str, **params: Any) -> Any:
        """What stands there."""
        answer = await self.http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def in_hand(self, state: str) -> list[dict[str, Any]]:
        """The contacts of an agent in this state, once there are any."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                inbox = await self.get("/inbox")
                found = [entry for entry in inbox["mine"] if entry["state"] == state]
                if found:
                    return found
                await asyncio.sleep(0.1)


class Guest:
    """A visitor over HTTP, whose client tries again with the same name until it is told that the message is stored."""

    def __init__(self, centre: RunningCentre, name: str, msisdn: str | None = None) -> None:
        self.name, self.msisdn, self.token = name, msisdn, ""
        self.acknowledged: list[str] = []
        self.http = httpx.AsyncClient(base_url=centre.api, timeout=PATIENCE_S)

    async def __aenter__(self) -> "Guest":
        await self.enter()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def enter(self) -> None:
        """Open the page."""
        wanted = {"tenant": TENANT, "name": self.name, "msisdn": self.msisdn, "locale": "zh-CN"}
        answer = await self.http.post("/visitor", json=wanted)
        assert answer.status_code == 201, answer.text
        self.token = str(answer.json()["token"])
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    async def try_to_say(self, text: str, client_id: str) -> bool:
        """Send once; whether it is stored."""
        try:
            answer = await self.http.post("/visitor/messages", json={"client_id": client_id, "text": text})
        except httpx.TransportError:
            return False
        if answer.status_code in (200, 201):
            self.acknowledged.append(text)
            return True
        assert answer.status_code in (429, 503), answer.text
        return False

    async def say(self, text: str) -> None:
        """Send once, which must do."""
        assert await self.try_to_say(text, str(uuid4()))

    async def own_words(self) -> list[str]:
        """What is stored of what this visitor said, in order."""
        found: list[str] = []
        after = 0
        while True:
            answer = await self.http.get("/visitor/messages", params={"after": after})
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += [item["text"] for item in page["items"] if item["author"] == "customer"]
            if page["next"] is None:
                return found
            after = int(page["next"])

    async def now(self) -> dict[str, Any]:
        """Where the conversation is."""
        answer = await self.http.get("/visitor/conversation")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

"""Schemathesis against the running server, from the document that it publishes: whatever is sent, never a 5xx.

The sender may do everything that can be permitted, is an agent and a customer too, and the centre is thrown away.
"""

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from careline.modules.directory.identity.permissions import PERMISSIONS
from tests.entrypoints.web.test_serve import started

pytestmark = pytest.mark.slow

LOGIN, ROLE = "8021", "agent"

CUTS_ITS_OWN_BRANCH = "^/api/v1/(session|users|roles|me|service-accounts)|^/api/v1/floor/agents/.*/sign-out"
"""Signing in and out, users and what they may do: this may end the sender's own session, so it is sent last."""

EVERYTHING_ELSE = ("--exclude-path-regex", CUTS_ITS_OWN_BRANCH)
THE_BRANCH = ("--include-path-regex", CUTS_ITS_OWN_BRANCH)


def test_no_request_makes_the_server_fail(tmp_path: Path) -> None:
    with started(tmp_path / "var", CARELINE_DEMO="1") as (process, address, _):
        _permit_everything(tmp_path / "var")
        headers = {**_signed_in(address, tmp_path / "var", LOGIN), **_visitor(address)}
        assert _sent(tmp_path, address, headers, EVERYTHING_ELSE) > 500
        assert httpx.get(f"{address}/api/v1/session", headers=headers).status_code == 200, "it ended its own session"
        assert _sent(tmp_path, address, headers, THE_BRANCH) > 50
        assert httpx.get(f"{address}/readyz").status_code == 200
        assert process.poll() is None


def _sent(folder: Path, address: str, headers: dict[str, str], which: tuple[str, str]) -> int:
    """How many requests were made up and sent; fails when one of them was answered by a 5xx."""
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}/api/v1/openapi.json"),
            *("--checks", "not_a_server_error", "--phases", "coverage,fuzzing", "--max-examples", "5"),
            *("--generation-deterministic", "--suppress-health-check", "all", "--workers", "1"),
            *which,
            *(word for name, value in headers.items() for word in ("--header", f"{name}: {value}")),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=420,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    cases = re.search(r"(\d+) generated", done.stdout)
    assert cases is not None, done.stdout[-2000:]
    return int(cases[1])


def _permit_everything(data: Path) -> None:
    """No role has every permission, and nobody may give oneself more: so past the program."""
    every = json.dumps(dict.fromkeys(PERMISSIONS, "tenant"))
    with closing(sqlite3.connect(data / "careline.db", timeout=10)) as connection:
        changed = connection.execute("UPDATE role SET permissions = ? WHERE code = ?", (every, ROLE))
        assert changed.rowcount == 1
        connection.commit()


def _signed_in(address: str, data: Path, login: str) -> dict[str, str]:
    listed = (data / "demo-accounts.txt").read_text()
    password = next(line.split()[1] for line in listed.splitlines() if line.split()[:1] == [login])
    with httpx.Client(base_url=address) as http:
        answer = http.post("/api/v1/session", json={"tenant": "demo", "login": login, "password": password})
        assert answer.status_code == 200, answer.text
        cookies = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
    return {"Cookie": cookies, "X-CSRF-Token": answer.json()["csrf_token"]}


def _visitor(address: str) -> dict[str, str]:
    entered = httpx.post(
        f"{address}/api/v1/visitor", json={"tenant": "demo", "name": None, "msisdn": None, "locale": "zh-CN"}
    )
    assert entered.status_code == 201, entered.text
    return {"Authorization": f"Bearer {entered.json()['token']}"}

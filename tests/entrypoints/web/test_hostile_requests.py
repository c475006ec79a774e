"""Schemathesis against the running server, from the document that it publishes: whatever is sent, never a 5xx."""

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.entrypoints.web.test_serve import started

pytestmark = pytest.mark.slow

NOT_SENT = (
    "^/api/v1/session",  # signing in, out and changing the password would end or slow the run itself
    "/roles$",  # would take the caller's own rights away
    "^/api/v1/users/",  # would switch the caller off
)


@pytest.mark.parametrize("login", ["8021", "8001", "secadmin"])
def test_no_request_makes_the_server_fail(tmp_path: Path, login: str) -> None:
    with started(tmp_path / "var", CARELINE_DEMO="1") as (process, address, _):
        headers = {**_signed_in(address, tmp_path / "var", login), **_visitor(address)}
        done = subprocess.run(
            [
                *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}/api/v1/openapi.json"),
                *("--checks", "not_a_server_error", "--phases", "coverage,fuzzing", "--max-examples", "5"),
                *("--generation-deterministic", "--suppress-health-check", "all", "--workers", "2"),
                *(word for pattern in NOT_SENT for word in ("--exclude-path-regex", pattern)),
                *(word for name, value in headers.items() for word in ("--header", f"{name}: {value}")),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-6000:]
        cases = re.search(r"(\d+) generated", done.stdout)
        assert cases is not None, done.stdout[-2000:]
        assert int(cases[1]) > 200
        assert httpx.get(f"{address}/readyz").status_code == 200
        assert process.poll() is None


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

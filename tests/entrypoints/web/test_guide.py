"""The guide to integrating over HTTP: its commands are run as they stand there, against a server with a real socket."""

import asyncio
import re
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.house import House
from tests.support.serving import serving

GUIDE = Path(__file__).parents[3] / "docs/guides/http-integration.md"


STAND_IN = """#!{python}
import sys, urllib.parse, urllib.request
words, headers, fields, url, get = iter(sys.argv[1:]), {{}}, [], "", False
for word in words:
    if word == "--header":
        name, _, value = next(words).partition(": ")
        headers[name] = value
    elif word == "--data":
        fields.append(next(words))
    elif word == "--data-urlencode":
        name, _, value = next(words).partition("=")
        fields.append(name + "=" + urllib.parse.quote(value))
    elif word == "--get":
        get = True
    elif word not in ("--fail-with-body", "--silent", "--show-error"):
        assert not word.startswith("-"), word
        url = word
body = "&".join(fields)
asked = urllib.request.Request(url + "?" + body if get else url, None if get else body.encode(), headers)
sys.stdout.write(urllib.request.urlopen(asked).read().decode())
"""
"""What of curl the guide uses, for machines without it."""


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Where ``sh`` finds its programs, curl among them."""
    system = "/usr/local/bin:/usr/bin:/bin"
    if shutil.which("curl", path=system) is None:
        stand_in = tmp_path / "curl"
        stand_in.write_text(STAND_IN.format(python=sys.executable), encoding="utf-8")
        stand_in.chmod(0o700)
    return f"{tmp_path}:{system}"


async def test_the_commands_of_the_guide_work(house: House, path: str) -> None:
    maker, approver = await house.sign_in("sysadmin"), await house.sign_in("secadmin")
    wanted = {
        "name": "网络中心",
        "permissions": {"case:read": "tenant", "case:write": "tenant"},
        "expires_at": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
    }
    made = (await maker.ask("POST", "/api/v1/service-accounts", json=wanted)).json()
    await approver.ask("PUT", f"/api/v1/service-accounts/{made['account']['id']}/approval")
    (script,) = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    async with serving(house.app) as address:
        ran = await asyncio.create_subprocess_exec(
            "sh",
            "-euc",
            script,
            env={"PATH": path, "CARELINE": f"http://{address}", "CARELINE_TOKEN": made["token"]},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await ran.communicate()
    assert ran.returncode == 0, err.decode() + out.decode()
    opened, listed = out.decode().split('{"items":')
    assert '"name":"网络中心"' in opened
    assert "No signal at the north gate" in listed

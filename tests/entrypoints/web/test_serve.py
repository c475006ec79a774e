"""The server as a process: it serves, ends in order, and says in one line why it cannot start."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from careline.entrypoints.web.serve import bind

pytestmark = pytest.mark.slow

STARTS_IN_S = 180
ENDS_IN_S = 60


def environment(data: Path, **more: str) -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("CARELINE_")}
    return {
        **known,
        "CARELINE_DATA": str(data),
        "CARELINE_VOICE": "off",
        "CARELINE_HTTP_PORT": "0",
        "CARELINE_UI": str(data / "no-ui"),
        **more,
    }


def command() -> list[str]:
    return [sys.executable, "-c", "from careline.entrypoints.cli.app import main; main()", "serve"]


@contextmanager
def started(data: Path, **more: str) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """A server process, its address and the lines it said before."""
    process = subprocess.Popen(
        command(), env=environment(data, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        lines: list[str] = []
        deadline = time.monotonic() + STARTS_IN_S
        while time.monotonic() < deadline:
            line = process.stdout.readline()
            if line.startswith("Careline is ready: "):
                yield process, line.split()[-1], lines
                return
            if not line and process.poll() is not None:
                break
            lines.append(line.rstrip())
        process.kill()
        raise AssertionError(f"it did not start: {process.communicate()}")
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def refused(data: Path, **more: str) -> str:
    """The one line on standard error of a server that does not start."""
    done = subprocess.run(
        command(), env=environment(data, **more), capture_output=True, text=True, timeout=STARTS_IN_S, check=False
    )
    assert done.returncode not in (0, -signal.SIGKILL), done
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_ends_in_order(tmp_path: Path, how: signal.Signals) -> None:
    with started(tmp_path / "var") as (process, address, _):
        with urllib.request.urlopen(f"{address}/readyz") as answer:
            assert json.load(answer)["ready"] is True
        process.send_signal(how)
        assert process.wait(ENDS_IN_S) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    with closing(sqlite3.connect(tmp_path / "var" / "careline.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


def test_demo_accounts_are_shown_once(tmp_path: Path) -> None:
    kept = tmp_path / "var" / "demo-accounts.txt"
    with started(tmp_path / "var", CARELINE_DEMO="1") as (process, _, first):
        process.terminate()
        process.wait(ENDS_IN_S)
    accounts = kept.read_text(encoding="utf-8").splitlines()[1:]
    assert kept.stat().st_mode & 0o777 == 0o600
    assert len(accounts) == 13
    for account in accounts:
        assert account.split()[1] in "\n".join(first)

    with started(tmp_path / "var", CARELINE_DEMO="1") as (process, _, second):
        process.terminate()
        process.wait(ENDS_IN_S)
    assert kept.read_text(encoding="utf-8").splitlines()[1:] == accounts
    for account in accounts:
        assert account.split()[1] not in "\n".join(second)


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = str(other.getsockname()[1])
        line = refused(tmp_path / "var", CARELINE_HTTP_PORT=port)

    assert port in line
    assert "CARELINE_HTTP_PORT" in line


async def test_no_answer_waits_for_its_head_to_be_acknowledged() -> None:
    """A body sent after its head would lie about for 40 ms, until whoever reads says that the head has come."""
    listening = bind("127.0.0.1", 0)
    accepted = asyncio.get_running_loop().create_future()

    def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(connected, sock=listening):
        with closing(socket.create_connection(listening.getsockname())):
            at_once = await accepted
    assert at_once


def test_a_data_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    line = refused(tmp_path / "file" / "var")

    assert str(tmp_path / "file" / "var") in line
    assert "CARELINE_DATA" in line


def test_a_database_of_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    data = tmp_path / "var"
    data.mkdir()
    with closing(sqlite3.connect(data / "careline.db")) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
        connection.commit()
    before = (data / "careline.db").read_bytes()
    line = refused(data)

    assert "9999" in line
    with closing(sqlite3.connect(data / "careline.db")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("alembic_version",)]
    assert len((data / "careline.db").read_bytes()) == len(before)


def test_a_data_folder_in_which_another_one_serves(tmp_path: Path) -> None:
    """Two would take the shards from each other, and neither would decide any more for long."""
    with started(tmp_path / "var") as (process, address, _):
        line = refused(tmp_path / "var")
        with urllib.request.urlopen(f"{address}/healthz") as answer:
            assert answer.status == 200
        process.kill()
        process.wait(ENDS_IN_S)
    assert "CARELINE_DATA" in line
    with started(tmp_path / "var") as (process, _, _):
        process.terminate()
        process.wait(ENDS_IN_S)


def test_what_is_no_database(tmp_path: Path) -> None:
    data = tmp_path / "var"
    data.mkdir()
    (data / "careline.db").write_bytes(b"this is no database at all" * 100)
    line = refused(data)

    assert "file is not a database" in line
    assert (data / "careline.db").read_bytes() == b"this is no database at all" * 100


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
    line = refused(tmp_path / "var", CARELINE_DATABASE_URL=f"postgresql://a:s3cret@127.0.0.1:{port}/b")

    assert "CARELINE_DATABASE_URL" in line
    assert "s3cret" not in line


def test_a_certificate_that_is_not_there(tmp_path: Path) -> None:
    tls = {"CARELINE_TLS_CERTIFICATE": str(tmp_path / "c"), "CARELINE_TLS_KEY": str(tmp_path / "k")}
    assert "CARELINE_TLS_CERTIFICATE" in refused(tmp_path / "var", **tls)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"CARELINE_DEMO": "1", "CARELINE_HTTP_HOST": "0.0.0.0"}, "demo"),
        ({"CARELINE_HTTP_HOST": "0.0.0.0"}, "TLS"),
        ({"CARELINE_HTTP_PORT": "80x"}, "CARELINE_HTTP_PORT"),
        ({"CARELINE_DATABASE_URL": "mysql://x"}, "CARELINE_DATABASE_URL"),
    ],
)
def test_settings_that_are_refused(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    line = refused(tmp_path / "var", **settings)

    assert said in line
    assert not (tmp_path / "var").exists()

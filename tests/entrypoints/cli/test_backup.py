"""``careline backup`` and ``restore`` from the command line."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from careline.entrypoints.cli.app import app
from careline.infra.storage.folder import FolderStore
from careline.infra.storage.keys import StoreKey
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("CARELINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CARELINE_VOICE", "off")
    return CliRunner()


def test_there_and_back(run: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = str(tmp_path / "careline.tar")
    assert run.invoke(app, ["migrate"]).exit_code == 0
    made = run.invoke(app, ["backup", archive])
    assert made.exit_code == 0, made.output
    assert "1 files" in made.output
    again = run.invoke(app, ["restore", archive])
    assert again.exit_code == 1
    assert "is not empty; move it away" in again.output

    monkeypatch.setenv("CARELINE_DATA", str(tmp_path / "new"))
    restored = run.invoke(app, ["restore", archive])
    assert restored.exit_code == 0, restored.output
    assert "as before" in run.invoke(app, ["migrate"]).output


def test_sealed_files_open_again_after_a_restore(
    run: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant, file_id, archive = TenantId(new_id()), new_id(), str(tmp_path / "careline.tar")

    def store(data: Path) -> FolderStore:
        return FolderStore(data / "files/conversations", StoreKey(data / "keys/files.key"))

    async def write() -> None:
        async with store(tmp_path / "data").incoming(tenant, file_id) as incoming:
            await incoming.write(b"a picture")
            await incoming.keep()

    async def read() -> bytes:
        return b"".join([part async for part in store(tmp_path / "new").read(tenant, file_id)])

    assert run.invoke(app, ["migrate"]).exit_code == 0
    asyncio.run(write())
    assert run.invoke(app, ["backup", archive]).exit_code == 0
    monkeypatch.setenv("CARELINE_DATA", str(tmp_path / "new"))
    assert run.invoke(app, ["restore", archive]).exit_code == 0
    assert asyncio.run(read()) == b"a picture"
    assert (tmp_path / "new/keys/files.key").stat().st_mode & 0o077 == 0


def test_refusals_are_one_line(run: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = run.invoke(app, ["backup", str(tmp_path / "a.tar")])
    assert (missing.exit_code, missing.output.count("\n")) == (1, 1)
    assert "there is no database" in missing.output
    monkeypatch.setenv("CARELINE_DATABASE_URL", "postgresql://a@127.0.0.1/b")
    other = run.invoke(app, ["backup", str(tmp_path / "a.tar")])
    assert "pg_dump" in other.output


def test_what_cannot_be_copied_is_said_in_one_line(run: CliRunner, tmp_path: Path) -> None:
    assert run.invoke(app, ["migrate"]).exit_code == 0
    nowhere = run.invoke(app, ["backup", str(tmp_path / "no" / "such" / "a.tar")])
    assert (nowhere.exit_code, nowhere.output.count("\n")) == (1, 1)
    assert str(tmp_path / "no" / "such") in nowhere.output

    (tmp_path / "data" / "careline.db").write_bytes(b"no database" * 1000)
    broken = run.invoke(app, ["backup", str(tmp_path / "a.tar")])
    assert (broken.exit_code, broken.output.count("\n")) == (1, 1)
    assert "is damaged" in broken.output

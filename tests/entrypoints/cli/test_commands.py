"""The command line, as its users type it."""

import json
import os
import re
import shutil
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from careline.entrypoints.cli.app import app
from careline.entrypoints.cli.founding import FIRST_CODES

pytestmark = pytest.mark.slow

PASSWORD = "correct horse battery"

Run = Callable[..., Result]


def in_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The commands, with their data in a folder."""
    monkeypatch.setenv("CARELINE_DATA", str(folder / "var"))
    monkeypatch.setenv("CARELINE_VOICE", "off")
    monkeypatch.setenv("CARELINE_UI", str(folder / "ui"))
    monkeypatch.delenv("CARELINE_DATABASE_URL", raising=False)
    monkeypatch.delenv("CARELINE_DEMO", raising=False)

    def ran(*words: str, says: str | None = None) -> Result:
        return CliRunner().invoke(app, list(words), input=says)

    return ran


def first_codes(data: Path) -> list[str]:
    """The disposition codes that are there, in their order."""
    with closing(sqlite3.connect(data / "careline.db")) as database:
        statement = "SELECT code FROM disposition_code WHERE parent IS NULL AND NOT retired ORDER BY position"
        return [code for (code,) in database.execute(statement)]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    return in_folder(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a migrated database, a tenant and a user."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as monkeypatch:
        run = in_folder(folder, monkeypatch)
        assert run("migrate").exit_code == 0
        assert run("tenant", "create", "north", "北方").exit_code == 0
        words = ("user", "create", "north", "boss", "负责人", "--role", "agent", "--password-stdin")
        made = run(*words, says=f"{PASSWORD}\n")
        assert made.exit_code == 0, made.output
    return folder / "var"


@pytest.fixture
def centre(run: Run, made_once: Path, tmp_path: Path) -> Run:
    """The commands where there is a tenant with a user."""
    shutil.copytree(made_once, tmp_path / "var")
    return run


def test_before_migrating_it_says_what_to_do(run: Run) -> None:
    refused = run("user", "list", "north")

    assert refused.exit_code == 1
    assert "careline migrate" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_migrating_twice_changes_nothing(run: Run) -> None:
    assert "revision" in run("migrate").stdout
    assert "as before" in run("migrate").stdout


def test_users_are_made_and_listed(centre: Run) -> None:
    assert centre("tenant", "list").stdout == "north\t北方\tAsia/Shanghai\n"
    assert centre("user", "list", "north").stdout == "boss\t负责人\tactive\tagent\n"
    assert "security_administrator\t安全管理员" in centre("user", "roles", "north").stdout


def test_a_password_is_asked_for_and_never_shown(centre: Run) -> None:
    changed = centre("user", "set-password", "north", "boss", says=f"{PASSWORD} 2\n{PASSWORD} 2\n")

    assert changed.exit_code == 0, changed.output
    assert PASSWORD not in changed.output


REFUSED = [
    (("user", "create", "south", "x", "x"), PASSWORD, "no tenant south"),
    (("user", "create", "north", "boss", "x"), PASSWORD, "another user's"),
    (("user", "create", "north", "a b", "x"), PASSWORD, "a login has only"),
    (("user", "create", "north", "x", "x"), "short", "at least 12"),
    (("user", "create", "north", "x", "x", "--role", "emperor"), PASSWORD, "no such role"),
    (
        ("user", "create", "north", "x", "x", "--role", "system_administrator", "--role", "audit_administrator"),
        PASSWORD,
        "two administrator roles",
    ),
    (("user", "set-password", "north", "nobody"), PASSWORD, "no user nobody"),
]


def test_what_is_refused_in_one_line(centre: Run) -> None:
    before = centre("user", "list", "north").stdout
    for words, says, said in REFUSED:
        refused = centre(*words, "--password-stdin", says=f"{says}\n")

        assert refused.exit_code == 1, words
        assert said in refused.stderr, words
        assert len(refused.stderr.splitlines()) == 1, words
    assert centre("user", "list", "north").stdout == before


def test_no_password_is_asked_for_a_login_that_is_taken_or_a_tenant_that_is_not_there(centre: Run) -> None:
    for words, said in ((("north", "boss"), "another user's"), (("south", "x"), "no tenant south")):
        refused = centre("user", "create", *words, "x", says="")
        assert (refused.exit_code, said in refused.stderr, "Password" in refused.output) == (1, True, False)


def test_a_tenant_is_made_once(centre: Run) -> None:
    assert first_codes(Path(os.environ["CARELINE_DATA"])) == [one[0] for one in FIRST_CODES]
    assert centre("tenant", "create", "north", "又一个").exit_code == 1
    assert centre("tenant", "create", "No Spaces", "x").exit_code == 1
    assert centre("tenant", "list").stdout.count("\n") == 1


def test_the_audit_is_verified_and_taken_out(centre: Run, tmp_path: Path) -> None:
    sound = centre("audit", "verify", "north")
    assert (sound.exit_code, sound.stderr) == (0, "")
    assert sound.stdout.startswith("7 entries, 0 seals")

    text = centre("audit", "export", "north").stdout
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["action"] for line in lines if line["kind"] == "entry"] == [
        "tenant.founded",
        "flow.created",
        "flow.published",
        "flow.created",
        "flow.published",
        "user.created",
        "roles.granted",
        "audit.exported",
    ]
    assert [line["kind"] for line in lines] == ["trail", *["entry"] * 8, "seal", "end"]
    file = tmp_path / "audit.jsonl"
    file.write_text(text)
    kept = centre("audit", "verify-export", str(file))
    assert (kept.exit_code, kept.stdout) == (0, "8 entries, 1 seals, sealed up to 8\n")
    file.write_text(text.replace("user.created", "user.changed"))
    forged = centre("audit", "verify-export", str(file))
    assert (forged.exit_code, forged.stderr) == (1, "seal-broken 1\n")
    unproven = centre("audit", "verify-export", str(file), "--proof", str(file), "--seal", "1:00")
    assert (unproven.exit_code, "end-missing" in unproven.stderr, "file-changed" in unproven.stderr) == (1, True, True)
    assert centre("audit", "verify", "north", "--seal", "1:00").exit_code == 1
    assert centre("audit", "verify", "north", "--seal", "junk").exit_code == 2


def test_the_document_is_the_same_each_time_and_needs_nothing(run: Run, tmp_path: Path) -> None:
    first, second = run("openapi"), run("openapi")

    assert first.stdout == second.stdout
    assert "/api/v1/session" in json.loads(first.stdout)["paths"]
    assert not (tmp_path / "var").exists()


def test_settings_are_shown_without_passwords(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELINE_DATABASE_URL", "postgresql://careline:swordfish@db/careline")
    shown = run("settings")

    assert "CARELINE_HTTP_PORT=" in shown.stdout
    assert "swordfish" not in shown.output


def test_a_setting_that_cannot_be_used_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELINE_SIP_PORT", "many")
    refused = run("settings")

    assert refused.exit_code == 2
    assert "CARELINE_SIP_PORT" in refused.stderr


def test_the_doctor_looks_at_everything(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELINE_HTTP_PORT", "0")
    new = run("doctor")
    assert new.exit_code == 0, new.output
    assert "careline migrate" in new.stdout
    assert "make ui" in new.stdout
    run("migrate")

    assert "warn  database" not in run("doctor").stdout


def test_the_doctor_shows_news_that_cannot_be_handled(centre: Run, tmp_path: Path) -> None:
    assert "events" not in centre("doctor").stdout
    with closing(sqlite3.connect(tmp_path / "var" / "careline.db")) as connection:
        (position, tenant_id) = connection.execute("SELECT position, tenant_id FROM event_log").fetchone()
        row = ("some.part", position, 7, "2026-03-02 01:00:00.000000", "LookupError", tenant_id)
        columns = "subscriber, position, attempts, next_try_at, last_error, tenant_id"
        connection.execute(f"INSERT INTO event_unfinished ({columns}) VALUES (?, ?, ?, ?, ?, ?)", row)
        connection.commit()
    said = centre("doctor")

    assert said.exit_code == 0
    told = f"some.part has 1 to handle; the one at {position} failed 7 times, the last time by LookupError"
    assert f"warn  events       {told}" in said.stdout


def test_the_doctor_fails_when_something_must_be_mended(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("CARELINE_DATA", str(tmp_path / "file" / "var"))
    sick = run("doctor")

    assert sick.exit_code == 1
    assert "fail  data" in sick.stdout
    assert f"fail  database     there is no folder {tmp_path}/file/var" in sick.stdout


def test_the_doctor_says_in_a_line_that_the_database_is_none(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run("migrate")
    (tmp_path / "var" / "careline.db").write_bytes(b"no database at all" * 500)
    sick = run("doctor")

    assert sick.exit_code == 1
    assert "fail  database     the database cannot be used (file is not a database)" in sick.stdout
    assert sick.stderr == ""
    assert caplog.records == []


def test_the_doctor_looks_at_the_disk(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=0))
    full = run("doctor")

    assert full.exit_code == 1
    assert "fail  disk         only 0 MiB are free" in full.stdout


def test_a_crowd_without_a_demo_says_so_once(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        where = f"http://127.0.0.1:{taken.getsockname()[1]}"
        alone = run("demo", "chats", "--agents", "0", "--customers", "3", "--minutes", "0.05", "--address", where)

    assert alone.exit_code == 1
    assert alone.stderr.count("\n") == 1
    assert where in alone.stderr


def test_setting_up_makes_a_centre_with_three_administrators_and_no_password(run: Run) -> None:
    made = run("setup", says="north\n北方\n")
    assert made.exit_code == 0, made.output
    links = re.findall(r"http://127\.0\.0\.1:8080/welcome#[A-Za-z0-9_-]{43}", made.stdout)

    assert len(set(links)) == 3
    assert run("user", "list", "north").stdout.splitlines() == [
        "auditor\t审计管理员\tactive\taudit_administrator",
        "secadmin\t安全管理员\tactive\tsecurity_administrator",
        "sysadmin\t系统管理员\tactive\tsystem_administrator",
    ]
    assert first_codes(Path(os.environ["CARELINE_DATA"])) == [one[0] for one in FIRST_CODES]
    again = run("setup", "--code", "north", "--name", "又一个")
    assert (again.exit_code, again.stderr.count("\n")) == (1, 1)


def test_a_link_leads_to_where_browsers_reach_us(centre: Run) -> None:
    made = centre("user", "invite", "north", "boss", "--address", "https://careline.example.com/")
    assert re.fullmatch(r"https://careline\.example\.com/welcome#[A-Za-z0-9_-]{43}\n", made.stdout)
    by_link = centre("user", "create", "north", "second", "第二个", "--role", "agent", "--link")
    assert "/welcome#" in by_link.stdout
    assert centre("user", "invite", "north", "nobody").exit_code == 1


def test_who_somebody_is_elsewhere_is_forgotten_from_the_machine(centre: Run) -> None:
    assert centre("user", "unbind", "north", "boss").exit_code == 0
    refused = centre("user", "unbind", "north", "nobody")
    assert (refused.exit_code, "nobody" in refused.stderr) == (1, True)


def test_a_lost_factor_is_reset_from_the_machine(centre: Run) -> None:
    refused = centre("user", "reset-second-factor", "north", "boss")

    assert (refused.exit_code, "no second factor" in refused.stderr) == (1, True)

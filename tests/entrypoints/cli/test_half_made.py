"""A centre that was half made, or made by an older version, is brought what it has not, and nothing else."""

import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from careline.entrypoints.cli.founding import FIRST_CODES
from careline.entrypoints.cli.setup import ADMINISTRATORS
from careline.infra.database.database import Database
from tests.entrypoints.cli.test_commands import Run, first_codes, in_folder

pytestmark = pytest.mark.slow

WHOLE = ([one[0] for one in FIRST_CODES], [("general",)], [("hotline", 1), ("webchat", 1)])
CALLS = "The call flow hotline: in force."
NOTHING = "Nothing is missing of north.\n"


class Killed(Exception):
    """The process is no more."""


@contextmanager
def killed_at(commit: int) -> Iterator[None]:
    """The process dies in its so-manieth commit, the first is 1."""
    write, begun = Database._write, 0

    @asynccontextmanager
    async def counted(self: Database, *args: Any) -> AsyncIterator[Any]:
        nonlocal begun
        begun += 1
        dies = begun == commit
        async with write(self, *args) as tx:
            yield tx
            if dies:
                raise Killed

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(Database, "_write", counted)
        yield


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose database has every table and no rows."""
    folder = tmp_path_factory.mktemp("migrated")
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert in_folder(folder, monkeypatch)("migrate").exit_code == 0
    return folder / "var"


@pytest.fixture
def run(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    shutil.copytree(migrated, tmp_path / "var")
    return in_folder(tmp_path, monkeypatch)


def asked(statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(Path(os.environ["CARELINE_DATA"]) / "careline.db")) as database:
        found = database.execute(statement).fetchall()
        database.commit()
        return found


def there() -> tuple[list[str], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Disposition codes, queues, and flows with the version in force."""
    codes = first_codes(Path(os.environ["CARELINE_DATA"]))
    flows = asked("SELECT code, published_version FROM flow ORDER BY code")
    return codes, asked("SELECT code FROM routing_queue ORDER BY code"), flows


def test_a_setup_that_was_killed_is_gone_on_with(run: Run, tmp_path: Path, migrated: Path) -> None:
    for commit in range(1, 20):
        shutil.rmtree(tmp_path / "var")
        shutil.copytree(migrated, tmp_path / "var")
        with killed_at(commit):
            first = run("setup", "--code", "north", "--name", "北方")
        if first.exit_code == 0:
            break
        assert isinstance(first.exception, Killed), first.output

        again = run("setup", "--code", "north", "--name", "北方")
        if commit == 2 * len(ADMINISTRATORS) + 1:  # all are there; only the last link was not shown
            assert again.exit_code == 1
        else:
            assert again.exit_code == 0, again.output
            shown = again.stdout.count("/welcome#") + again.stdout.count("careline user invite")
            assert shown == len(ADMINISTRATORS), again.stdout
        assert run("user", "list", "north").stdout.count("\n") == len(ADMINISTRATORS)
        assert there() == WHOLE
        assert run("tenant", "complete", "north").stdout == NOTHING
    assert commit == 2 * len(ADMINISTRATORS) + 2, "a commit for the centre, two for each administrator"


def test_a_setup_of_another_centre_with_its_code_changes_nothing(run: Run) -> None:
    with killed_at(2):
        run("setup", "--code", "north", "--name", "北方")
    refused = run("setup", "--code", "north", "--name", "别的中心")
    assert (refused.exit_code, "careline tenant complete north" in refused.stderr) == (1, True)
    assert run("user", "list", "north").stdout == ""


@pytest.mark.parametrize(
    ("lost", "brought"),
    [
        (["DELETE FROM flow_version", "DELETE FROM flow"], ["The chat flow webchat: in force.", CALLS]),
        (
            ["DELETE FROM flow_version", "DELETE FROM flow", "DELETE FROM routing_queue"],
            ["The queue general: made.", "The chat flow webchat: in force.", CALLS],
        ),
        (["DELETE FROM disposition_code"], ["Disposition codes: made."]),
        (
            ["UPDATE flow SET published_version = NULL", "UPDATE flow_version SET published_at = NULL"],
            ["The chat flow webchat: in force.", CALLS],
        ),
    ],
)
def test_a_centre_of_an_older_version_is_brought_what_it_has_not(run: Run, lost: list[str], brought: list[str]) -> None:
    assert run("tenant", "create", "north", "北方").exit_code == 0
    for statement in lost:
        asked(statement)
    assert there() != WHOLE

    assert run("tenant", "complete", "north").stdout.splitlines() == brought
    assert there() == WHOLE
    assert run("tenant", "complete", "north").stdout == NOTHING


def test_what_a_centre_has_made_of_itself_is_left_as_it_is(run: Run) -> None:
    assert run("tenant", "create", "north", "北方").exit_code == 0
    asked("UPDATE routing_queue SET code = 'faults', media = '[\"voice\"]'")
    asked("UPDATE disposition_code SET retired = 1 WHERE code <> 'other'")
    mine = there()

    assert run("tenant", "complete", "north").stdout == NOTHING
    assert there() == mine


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (["UPDATE flow SET published_version = NULL, entry_channel = NULL"], "publish it in the studio"),
        (
            ["DELETE FROM flow_version", "DELETE FROM flow", "UPDATE routing_queue SET media = '[\"voice\"]'"],
            "does not take chats",
        ),
    ],
)
def test_what_nobody_but_the_centre_can_decide_is_said(run: Run, changed: list[str], said: str) -> None:
    assert run("tenant", "create", "north", "北方").exit_code == 0
    for statement in changed:
        asked(statement)
    mine = there()

    told = run("tenant", "complete", "north")
    assert (told.exit_code, said in told.stdout) == (0, True), told.output
    assert there() == mine


def test_who_is_not_there_cannot_be_completed(run: Run) -> None:
    refused = run("tenant", "complete", "south")
    assert (refused.exit_code, "south" in refused.stderr) == (1, True)


@pytest.mark.parametrize("commit", [1, 2, 3])
def test_a_setup_that_is_gone_on_with_leads_the_number_that_it_names(run: Run, commit: int) -> None:
    """Also when the one before named none; and what it says is so."""
    with killed_at(commit):
        first = run("setup", "--code", "north", "--name", "北方")
    assert isinstance(first.exception, Killed), first.output

    again = run("setup", "--code", "north", "--name", "北方", "--number", "4008800123")

    assert again.exit_code == 0, again.output
    assert "Calls to 4008800123 lead to its flow hotline" in again.output
    assert asked("SELECT number, entry_flow FROM phone_number") == [("4008800123", "hotline")]


def test_a_setup_that_is_gone_on_with_keeps_the_number_that_it_had(run: Run) -> None:
    named = ("setup", "--code", "north", "--name", "北方", "--number", "+86 400 880 0123")
    with killed_at(2):
        first = run(*named)
    assert isinstance(first.exception, Killed), first.output

    assert run(*named).exit_code == 0
    assert asked("SELECT number, entry_flow FROM phone_number") == [("4008800123", "hotline")]

"""A private PostgreSQL for one test session, reached by a socket in a folder of its own; a fresh database a test.

Use the fixture ``postgres_url``. Its role owns the database and is no superuser, so row-level policies hold for it
where they are forced. Nothing is synced to disk: this cluster is thrown away.

To copy a database with every table takes half a second, to empty one a twentieth of it: so a copy is lent to one test
after the other, each finds it as new, and one in which a test changed more than rows is lent to nobody again.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools.provision.postgres import PostgresPrograms, locate_postgres

ROOT = Path(__file__).parents[2]
NOBODY = 65534
ROLE = "careline"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "autovacuum": "off",  # it would run beside some tests and not beside others
    "max_connections": "60",
    "shared_buffers": "32MB",
    "timezone": "GMT",
    "log_timezone": "GMT",
}


_CATALOGUES = (
    "pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_default_acl", "pg_extension", "pg_index",
    "pg_namespace", "pg_policy", "pg_proc", "pg_rewrite", "pg_sequence", "pg_trigger", "pg_type",
)  # fmt: skip
SHAPE = "SELECT " + ", ".join(
    f"(SELECT (count(*), sum(xmin::text::bigint)) FROM {catalogue})" for catalogue in _CATALOGUES
)
"""Of how many rows the description of a database consists, and which transactions wrote them: it is another one after
any change of a table, a policy, a trigger, a right; the same in a copy that was not touched."""

EMPTY = """
SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$
DECLARE found regclass;
BEGIN
    SET LOCAL session_replication_role = replica;  -- no trigger refuses it, no foreign key asks for an order
    FOR found IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE 'DELETE FROM ' || found;
    END LOOP;
    PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
END $$;
"""


class PostgresCluster:
    """A running server; ``folder`` holds its data and its socket."""

    def __init__(self, folder: Path, programs: PostgresPrograms) -> None:
        self.folder = folder
        self._free: dict[str, list[str]] = {}
        self._shapes: dict[str, str] = {}
        self._programs = programs
        self._environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **programs.env}
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        data = self.folder / "data"
        self._run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        chosen = [word for key, value in SETTINGS.items() for word in ("-c", f"{key}={value}")]
        command = self._command("postgres", "-D", str(data), "-k", str(self.folder), *chosen)
        with (self.folder / "log").open("wb") as log:
            self._server = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not (self.folder / ".s.PGSQL.5432").exists() or not self._ready():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self.folder / "log").read_text())
            time.sleep(0.02)
        self.execute(f"CREATE ROLE {ROLE} LOGIN")

    def stop(self) -> None:
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)  # a fast shutdown; SIGTERM would wait for clients
            self._server.wait(60)

    def create(self, template: str = "template1") -> str:
        """A new database, a copy of ``template``; answers its name."""
        name = f"t_{uuid.uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @contextmanager
    def lend(self, template: str) -> Iterator[str]:
        """A database that is as ``template`` is: its tables, and no rows."""
        if template not in self._shapes:
            self._shapes[template] = self.execute(SHAPE, template)
        free = self._free.setdefault(template, [])
        name = free.pop() if free else self.create(template)
        yield name
        if self.execute(EMPTY + SHAPE, name).strip().splitlines()[-1:] == [self._shapes[template].strip()]:
            free.append(name)
        else:
            self.drop(name)

    def url(self, name: str) -> str:
        """What ``CARELINE_DATABASE_URL`` takes."""
        return f"postgresql+asyncpg://{ROLE}@/{name}?host={self.folder}"

    def execute(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the superuser; answers what psql prints, unaligned."""
        return self._run(
            "psql", "-h", str(self.folder), "-U", "postgres", "-d", database, "-XqAt", "-v", "ON_ERROR_STOP=1",
            "-c", statement,
        )  # fmt: skip

    def _ready(self) -> bool:
        asked = self._command("psql", "-h", str(self.folder), "-U", "postgres", "-d", "postgres", "-c", "SELECT 1")
        return subprocess.run(asked, env=self._environment, capture_output=True, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            self._command(program, *arguments), env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"
        return done.stdout

    def _command(self, program: str, *arguments: str) -> list[str]:
        """PostgreSQL refuses to be run by root, and must not outlive a test run that is killed."""
        identity = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.getuid() == 0 else []
        return ["setpriv", "--pdeathsig", "INT", *identity, str(self._programs.bin / program), *arguments]


@contextmanager
def running_cluster() -> Iterator[PostgresCluster]:
    """A server for as long as the block lasts."""
    # Not below pytest's own folder: that is root's alone when root runs the tests, and a socket's path is short.
    folder = Path(tempfile.mkdtemp(prefix="careline-pg-"))
    try:
        programs = locate_postgres(ROOT / ".tools")
        if os.getuid() == 0:
            programs = _for_nobody(programs, folder)
            shutil.chown(folder, NOBODY, NOBODY)
        cluster = PostgresCluster(folder, programs)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[PostgresCluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: PostgresCluster) -> Iterator[str]:
    """The address of an empty database that is gone after the test."""
    name = postgres_cluster.create()
    yield postgres_cluster.url(name)
    postgres_cluster.drop(name)


def _for_nobody(programs: PostgresPrograms, folder: Path) -> PostgresPrograms:
    """Root's checkout may lie where nobody else may look (0700): then run a copy."""
    if all(parent.stat().st_mode & 0o001 for parent in programs.bin.resolve().parents):
        return programs
    copy = folder / "programs"
    shutil.copytree(programs.root, copy, symlinks=True)
    copy.chmod(0o755)
    env = {key: value.replace(str(programs.root), str(copy)) for key, value in programs.env.items()}
    return PostgresPrograms(copy, copy / programs.bin.relative_to(programs.root), env)

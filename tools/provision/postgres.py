"""PostgreSQL for the tests, of the version that the distribution has: the machine's own programs, or brought ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from careline.infra.apt.programs import Programs, find_programs, install_programs, library_env
from careline.kernel.errors import PermanentFailure
from tools.provision.checkout import Checkout, say

_BROUGHT = Programs(
    name="postgres",
    packages=("postgresql",),
    kept=("usr/lib/postgresql", "usr/share/postgresql"),
    linked=("usr/lib/postgresql/*/bin/*", "usr/lib/postgresql/*/lib/plpgsql.so"),
    try_out=("usr/lib/postgresql/*/bin/postgres", "--version"),
    proof="PostgreSQL",
    megabytes=35,
    # The JIT compiler is larger than the database; the rest looks after the machine's own clusters.
    assume=(
        *(f"libllvm{version}" for version in range(13, 24)),
        "libjson-perl",
        "locales",
        "locales-all",
        "logrotate",
        "netbase",
        "postgresql-client-common",
        "postgresql-common",
        "ssl-cert",
    ),
)


@dataclass(frozen=True)
class PostgresPrograms:
    """``root`` holds all that the programs read; ``bin`` is ``initdb``'s folder below it."""

    root: Path
    bin: Path
    env: Mapping[str, str]


def locate_postgres(tools: Path) -> PostgresPrograms:
    """Raises ``PermanentFailure`` naming the way to get it."""
    found = _of_the_machine()
    if found is None:
        bundle = find_programs(tools, _BROUGHT)
        if bundle is None:
            raise PermanentFailure("PostgreSQL is not there: run `make tools`")
        found = _of_the_bundle(bundle)
    return found


def postgres(checkout: Checkout) -> None:
    found = _of_the_machine() or _of_the_bundle(install_programs(checkout.tools, _BROUGHT, say))
    for name in ("initdb", "pg_ctl", "postgres", "psql", "pg_dump", "pg_restore"):
        checkout.offer(name, found.bin / name, environment=found.env)


def _of_the_machine() -> PostgresPrograms | None:
    own = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_major)
    return PostgresPrograms(Path("/usr"), own[-1].parent, {}) if own else None


def _of_the_bundle(bundle: Path) -> PostgresPrograms:
    return PostgresPrograms(bundle, next(bundle.glob("usr/lib/postgresql/*/bin")), library_env(bundle))


def _major(initdb: Path) -> int:
    digits = initdb.parts[-3]
    return int(digits) if digits.isdigit() else 0

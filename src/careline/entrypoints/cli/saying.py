"""What the command line says: one line for a refusal, and how a command is run to its end."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import NoReturn, TypeVar

import typer

from careline.bootstrap import Careline, build, prepare_data_folder
from careline.infra.database import schema
from careline.infra.database.failures import why_unusable
from careline.infra.settings.settings import Settings, load
from careline.kernel.errors import DomainError, Param

T = TypeVar("T")

_SENTENCES = {
    "port-taken": "{host}:{port} is taken by another program; end it, or set CARELINE_HTTP_PORT to a free port",
    "address-not-usable": "cannot listen on {host} ({why}); set CARELINE_HTTP_HOST to an address of this machine",
    "data-folder-not-writable": "cannot write to the data folder {path} ({why}); set CARELINE_DATA to one that is ours",
    "disk-full": "only {free_mib} MiB are free on the disk of {path}: nothing more can be kept; make room there",
    "disk-nearly-full": "only {free_mib} MiB are free on the disk of {path}; make room before it is full",
    "disk-read-only": "the disk of {path} cannot be written to; look at how it is mounted",
    "database-too-new": "the database is at revision {found}, this version knows up to {known}; install the newer one",
    "database-behind": "the database is at revision {found}, this version needs {wanted}; run: careline migrate",
    "database-moved": "the database came from another server; run: careline migrate",
    "demo-needs-loopback": "the demo is for this machine only; unset CARELINE_DEMO or CARELINE_HTTP_HOST",
    "tls-needed-off-loopback": "others than this machine need TLS; set CARELINE_TLS_CERTIFICATE and CARELINE_TLS_KEY",
    "tls-needs-both": "CARELINE_TLS_CERTIFICATE and CARELINE_TLS_KEY belong together; set both",
    "port-out-of-range": "{field}={value} is no port; give a number from {min} to {max}",
    "flag-not-0-or-1": "{field}={value} is neither 0 nor 1",
    "origin-not-usable": "{field}: {value} is no origin; write https://www.example.com, with commas between several",
    "voice-mode-unknown": "{field}={value} is none of: {allowed}",
    "choice-unknown": "{field}={value} is none of: {allowed}",
    "setting-needed": "{field} is needed for what was chosen; set it",
    "speaker-no-number": "{field}={value} is no number of a speaker of the model; 0 is the first",
    "service-url-not-usable": "{field} is no address of a service: https://host/path, no password and no #; plain http"
    " only for a host in CARELINE_EGRESS_PRIVATE",
    "service-header-not-usable": "{field}={value} is no name of a header",
    "region-unknown": "{field}={value} is neither a country (two letters, such as cn) nor house",
    "crosses-the-border": "{field}={value} lies abroad, and personal data stays in the country unless"
    " CARELINE_CROSS_BORDER=1 says that this transfer is allowed",
    "voice-replaced": "the voice {voice} failed {times} times in a row, another one speaks for it: see the log",
    "prompts-not-spoken": "prompts cannot be spoken, callers are put through without words: see the log",
    "log-style-unknown": "{field}={value} is none of: {allowed}",
    "asterisk-url-needed": "CARELINE_VOICE=external needs CARELINE_ASTERISK_URL",
    "database-url-unknown": "CARELINE_DATABASE_URL is not understood; it begins with {allowed}",
    "database-url-needs-file": "CARELINE_DATABASE_URL names no file; it begins with {allowed}",
    "database-role-unbound": "the database role {name} passes by row-level security; use one that is no superuser",
    "database-table-unprotected": "{name}: no row-level policy for tenants; it was changed by hand",
    "database-not-answering": "the database cannot be used ({why}); see CARELINE_DATABASE_URL",
    "data-folder-in-use": "another careline serve works in {path}; end it, or set CARELINE_DATA to another folder",
    "tls-not-usable": "certificate or key cannot be used ({why}); see CARELINE_TLS_CERTIFICATE and CARELINE_TLS_KEY",
    "backup-folder-not-writable": "cannot write into {path}; name a file in a folder that is there and ours",
    "database-not-found": "there is no database at {path}",
    "database-busy": "another process has been writing for {seconds} s; end it and try again",
    "database-damaged": "the database {path} is damaged ({found}); restore a backup",
    "backup-exists": "{path} is there already; name another file",
    "backup-not-found": "there is no {path}",
    "erasure-list-broken": "line {line} of {path}, the list of erasures, is not what was written, so that nobody knows"
    " who has to stay forgotten; put a good copy of it there, or run: careline erasures mend",
    "data-requests-stuck": "{kept} that were to go by their day, {erasures} erasures and {copies} copies cannot be"
    " carried out; they are tried again every half hour: see the log",
    "backup-broken": "the archive is not what was written ({what}); nothing was restored",
    "backup-of-sqlite-only": "this is for the embedded database; for PostgreSQL use its own tools, such as pg_dump",
    "restore-target-not-empty": "{path} is not empty; move it away, or set CARELINE_DATA to an empty folder",
    "tenant-unknown": "there is no tenant {tenant}; careline tenant list shows them",
    "tenant-exists": "the tenant {tenant} exists already; careline tenant complete {tenant} brings what it has not",
    "user-unknown": "there is no user {login} in the tenant {tenant}",
    "login-taken": "that login is another user's",
    "login-not-usable": "a login has only {allowed}",
    "code-not-usable": "{field}: only {allowed}",
    "password-too-short": "the password needs at least {min} characters",
    "password-too-long": "the password may have at most {max} characters",
    "password-too-simple": "the password is too simple, or holds the login",
    "password-too-common": "everybody thinks of a password like this; choose another",
    "oidc-setting-missing": "CARELINE_OIDC_ISSUER needs {field}, too",
    "oidc-issuer-not-usable": "{value} is no issuer: https://… without query, or a host of CARELINE_EGRESS_PRIVATE",
    "business-system-not-usable": "{value} is no business system: https://host, or a host of CARELINE_EGRESS_PRIVATE",
    "host-not-usable": "{field}: {value} is no host name",
    "second-factor-off": "that user has no second factor",
    "seal-key-not-usable": "the key {path} cannot be used ({why}); see CARELINE_SEAL_KEY",
    "administrators-kept-apart": "no one person may hold two administrator roles",
    "role-unknown": "there is no such role; careline user roles shows them",
}


def sentence(error: DomainError) -> str:
    """A refusal in one line of plain English."""
    return in_words(error.code, {"field": error.field, **error.params})


def in_words(code: str, params: Mapping[str, Param]) -> str:
    """A code and what fills its sentence, in one line of plain English."""
    pattern = _SENTENCES.get(code)
    if pattern is not None:
        return pattern.format_map(params)
    shown = ", ".join(f"{name}={value}" for name, value in params.items() if value is not None)
    return f"{code} ({shown})" if shown else code


def refuse(line: str, code: int = 1) -> NoReturn:
    """End with a line on standard error."""
    typer.echo(f"careline: {line}", err=True)
    raise typer.Exit(code)


def settings() -> Settings:
    """The settings of this process; ends with a line when one cannot be used."""
    try:
        return load()
    except DomainError as error:
        refuse(sentence(error), 2)


def done(work: Callable[[], Awaitable[T]]) -> T:
    """Run a command's work; a refusal becomes a line and exit code 1."""

    async def whole() -> T:
        return await work()

    with refusals():
        return asyncio.run(whole())


@contextmanager
def refusals() -> Iterator[None]:
    """What is refused inside, or what a database cannot do, becomes a line and exit code 1."""
    try:
        yield
    except DomainError as error:
        refuse(sentence(error))
    except Exception as error:
        if (why := why_unusable(error)) is None:
            raise
        refuse(in_words("database-not-answering", {"why": why}))


@asynccontextmanager
async def house() -> AsyncIterator[Careline]:
    """What bootstrap puts together, not started, on a database that is as this version needs it."""
    known = settings()
    prepare_data_folder(known)
    careline = await build(known)
    try:
        await schema.check(careline.database)
        yield careline
    finally:
        await careline.close()


def asked_password(from_stdin: bool) -> str:
    """A password, asked for twice without being shown, or one line from standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))

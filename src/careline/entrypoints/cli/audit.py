"""``careline audit``: checking and taking out the audit trail."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from careline.entrypoints.cli.saying import done, house, refuse
from careline.entrypoints.cli.tenants import tenant_of
from careline.kernel.tenancy import system_actor
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.views import Breach, Verification

commands = typer.Typer(no_args_is_help=True, help="The audit trail of a tenant.")

Tenant = Annotated[str, typer.Argument(help="Code of the tenant.")]


@commands.command("verify")
def verify(
    tenant: Tenant,
    seal: Annotated[
        list[str] | None, typer.Option(help="A seal kept elsewhere, NUMBER:HASH; may be given again.")
    ] = None,
) -> None:
    """Check that no entry was changed, removed or put in. Keep the last line: it proves that nothing was cut off."""
    known = _kept_seals(seal or ())

    async def check() -> Verification:
        async with house() as careline:
            found = await tenant_of(careline, tenant)
            return await careline.identity.facade.verify_audit(found.id, known=known)

    result = done(check)
    _tell(result.breaches)
    typer.echo(f"{result.entries} entries, {result.seals} seals, sealed up to {result.sealed}")
    if result.last_seal is not None:
        typer.echo(f"{result.last_seal.number}:{result.last_seal.hash}")
    if result.breaches:
        raise typer.Exit(1)


@commands.command("export")
def export(
    tenant: Tenant, after: Annotated[int, typer.Option(min=0, help="Only entries after this number.")] = 0
) -> None:
    """Write entries and the seals that prove them as JSON lines to standard output. That it was done is audited."""

    async def write() -> None:
        async with house() as careline:
            found = await tenant_of(careline, tenant)
            async for lines in await careline.identity.facade.audit_lines(system_actor(found.id), after=after):
                typer.echo(lines, nl=False)

    done(write)


@commands.command("verify-export")
def verify_export(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What was taken out of the audit.")],
    proof: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Its proof; an export of this command line is its own."),
    ] = None,
    seal: Annotated[
        list[str] | None, typer.Option(help="A seal kept elsewhere, NUMBER:HASH; may be given again.")
    ] = None,
) -> None:
    """Check an export by itself, wherever it was kept: no entry was changed, removed or put in since."""
    known = _kept_seals(seal or ())
    with file.open("rb") as lines:
        if proof is None:
            if known:
                refuse("--seal goes with --proof", 2)
            whole = Identity.check_audit_export(lines)
            said = f"{whole.entries} entries, {whole.seals} seals, sealed up to {whole.sealed}"
            breaches = whole.breaches
        else:
            with proof.open("rb") as proving:
                part = Identity.check_audit_extract(lines, proving, known)
            said = f"{part.entries} entries, proven by {part.seals} seals"
            breaches = part.breaches
            if part.last_seal is not None:
                said += f"\n{part.last_seal.number}:{part.last_seal.hash}"
    _tell(breaches)
    typer.echo(said)
    if breaches:
        raise typer.Exit(1)


def _tell(breaches: Iterable[Breach]) -> None:
    for breach in breaches:
        where = str(breach.first) if breach.first == breach.last else f"{breach.first}…{breach.last}"
        typer.echo(f"{breach.kind} {where}", err=True)


def _kept_seals(texts: Iterable[str]) -> dict[int, str]:
    kept = {}
    for text in texts:
        number, _, digest = text.partition(":")
        if not number.isascii() or not number.isdigit() or not digest:
            refuse(f"{text!r} is not of the form NUMBER:HASH", 2)
        kept[int(number)] = digest.strip().lower()
    return kept

"""``careline tenant``: the centres of an installation."""

from typing import Annotated

import typer

from careline.bootstrap import Careline
from careline.entrypoints.cli.founding import Number, complete, found, how_it_is_called
from careline.entrypoints.cli.saying import done, house
from careline.kernel.errors import NotFound
from careline.modules.directory.identity.views import NewTenant, TenantView

commands = typer.Typer(no_args_is_help=True, help="The centres of this installation.")


async def tenant_of(careline: Careline, code: str) -> TenantView:
    """A tenant by code. Raises ``NotFound`` ("tenant-unknown")."""
    found = await careline.identity.facade.tenant_by_code(code)
    if found is None:
        raise NotFound("tenant-unknown", tenant=code)
    return found


@commands.command("create")
def create(
    code: Annotated[str, typer.Argument(help="Short name in addresses: a-z and 0-9.")],
    name: Annotated[str, typer.Argument(help="Name as people know it.")],
    time_zone: Annotated[str, typer.Option(help="IANA time zone.")] = "Asia/Shanghai",
    number: Number = None,
) -> None:
    """Make a tenant with its root department, the built-in roles, disposition codes, a queue and its first flows."""

    async def make() -> None:
        async with house() as careline:
            await found(careline, NewTenant(code=code, name=name, time_zone=time_zone), number=number)

    done(make)
    typer.echo(
        f"The tenant {code} is there. Next: careline user create {code} LOGIN NAME --role system_administrator --link"
    )
    typer.echo(how_it_is_called(number))


@commands.command("complete")
def bring_what_is_missing(code: Annotated[str, typer.Argument(help="Code of the tenant.")]) -> None:
    """Bring what a tenant of an older version, or one that was half made, has not; nothing that is there is touched."""

    async def bring() -> list[str]:
        async with house() as careline:
            return await complete(careline, await tenant_of(careline, code))

    for line in done(bring) or [f"Nothing is missing of {code}."]:
        typer.echo(line)


@commands.command("list")
def show() -> None:
    """Show all tenants."""

    async def read() -> list[TenantView]:
        async with house() as careline:
            return await careline.identity.facade.tenants()

    for tenant in done(read):
        typer.echo(f"{tenant.code}\t{tenant.name}\t{tenant.time_zone}")

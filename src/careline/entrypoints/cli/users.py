"""``careline user``: users, made and helped by whoever keeps the machine.

It is also the only way to make the first administrators and to give one of them a new password.
"""

from typing import Annotated

import typer

from careline.entrypoints.cli.saying import asked_password, done, house
from careline.entrypoints.cli.tenants import tenant_of
from careline.kernel.errors import NotFound
from careline.kernel.tenancy import system_actor
from careline.modules.directory.identity.views import NewUser, RoleView, UserChange, UserView

commands = typer.Typer(no_args_is_help=True, help="Users of a tenant.")

Tenant = Annotated[str, typer.Argument(help="Code of the tenant.")]
Login = Annotated[str, typer.Argument(help="Login of the user.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]

PAGE = 200


@commands.command("create")
def create(
    tenant: Tenant,
    login: Login,
    name: Annotated[str, typer.Argument(help="Name as people know it.")],
    role: Annotated[list[str] | None, typer.Option(help="Code of a role; may be given again.")] = None,
    password_stdin: FromStdin = False,
) -> None:
    """Make a user in the root department."""
    password = asked_password(password_stdin)

    async def make() -> None:
        async with house() as careline:
            actor = system_actor((await tenant_of(careline, tenant)).id)
            wanted = NewUser(login=login, display_name=name, password=password, roles=tuple(role or ()))
            await careline.identity.facade.create_user(actor, wanted)

    done(make)
    typer.echo(f"The user {login} is there")


@commands.command("set-password")
def set_password(tenant: Tenant, login: Login, password_stdin: FromStdin = False) -> None:
    """Give a user a new password; every session of the user ends."""
    password = asked_password(password_stdin)

    async def change() -> None:
        async with house() as careline:
            identity = careline.identity.facade
            known = await tenant_of(careline, tenant)
            user = await identity.user_by_login(known.id, login)
            if user is None:
                raise NotFound("user-unknown", login=login, tenant=tenant)
            await identity.change_user(system_actor(known.id), user.id, UserChange(password=password))

    done(change)
    typer.echo(f"The password of {login} is changed")


@commands.command("list")
def show(tenant: Tenant) -> None:
    """Show all users with their roles."""

    async def read() -> list[tuple[UserView, list[str]]]:
        async with house() as careline:
            actor = system_actor((await tenant_of(careline, tenant)).id)
            found: list[tuple[UserView, list[str]]] = []
            after = ""
            while True:
                page = await careline.identity.facade.user_page(actor, after=after, limit=PAGE)
                found += page.items
                if page.next is None:
                    return found
                after = page.next

    for user, roles in done(read):
        state = "active" if user.active else "inactive"
        typer.echo(f"{user.login}\t{user.display_name}\t{state}\t{','.join(roles)}")


@commands.command("roles")
def roles(tenant: Tenant) -> None:
    """Show the roles of a tenant."""

    async def read() -> list[RoleView]:
        async with house() as careline:
            return await careline.identity.facade.roles((await tenant_of(careline, tenant)).id)

    for role in done(read):
        typer.echo(f"{role.code}\t{role.name}")

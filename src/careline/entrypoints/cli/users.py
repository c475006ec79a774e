"""``careline user``: users, made and helped by whoever keeps the machine.

It is also the only way to make the first administrators and to help one of them who cannot get in any more.
"""

from typing import Annotated

import typer

from careline.bootstrap import Careline
from careline.entrypoints.cli.saying import asked_password, done, house
from careline.entrypoints.cli.setup import Address, invite
from careline.entrypoints.cli.tenants import tenant_of
from careline.kernel.errors import Conflict, NotFound
from careline.kernel.tenancy import system_actor
from careline.modules.directory.identity.views import (
    GrantView,
    NewUser,
    RoleView,
    TenantView,
    UserChange,
    UserView,
)

commands = typer.Typer(no_args_is_help=True, help="Users of a tenant.")

Tenant = Annotated[str, typer.Argument(help="Code of the tenant.")]
Login = Annotated[str, typer.Argument(help="Login of the user.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
Lasting = Annotated[
    bool, typer.Option("--lasting", help="The password is the user's own: it need not be changed at the first sign-in.")
]

PAGE = 200


@commands.command("create")
def create(
    tenant: Tenant,
    login: Login,
    name: Annotated[str, typer.Argument(help="Name as people know it.")],
    role: Annotated[list[str] | None, typer.Option(help="Code of a role; may be given again.")] = None,
    password_stdin: FromStdin = False,
    lasting: Lasting = False,
    by_link: Annotated[
        bool, typer.Option("--link", help="Show a link by which the user chooses the password.")
    ] = False,
    address: Address = None,
) -> None:
    """Make a user in the root department."""

    async def look() -> None:
        async with house() as careline:
            known = await tenant_of(careline, tenant)
            if await careline.identity.facade.user_by_login(known.id, login) is not None:
                raise Conflict("login-taken", field="login")

    done(look)  # before anybody has thought of a password
    password = None if by_link else asked_password(password_stdin)

    async def make() -> str | None:
        async with house() as careline:
            known = await tenant_of(careline, tenant)
            wanted = NewUser(
                login=login,
                display_name=name,
                password=password,
                password_issued=not lasting,
                roles=tuple(role or ()),
            )
            user = await careline.identity.facade.create_user(system_actor(known.id), wanted)
            return await invite(careline, known, user, address) if by_link else None

    shown = done(make)
    typer.echo(f"The user {login} is there" + ("" if shown is None else f"; the link, good once: {shown}"))


@commands.command("set-password")
def set_password(tenant: Tenant, login: Login, password_stdin: FromStdin = False, lasting: Lasting = False) -> None:
    """Give a user a new password, to be changed at the next sign-in; every session of the user ends."""
    password = asked_password(password_stdin)

    async def change() -> None:
        async with house() as careline:
            known, user = await _user(careline, tenant, login)
            wanted = UserChange(password=password, password_issued=not lasting)
            await careline.identity.facade.change_user(system_actor(known.id), user.id, wanted)

    done(change)
    typer.echo(f"The password of {login} is changed")


@commands.command("invite")
def invite_user(tenant: Tenant, login: Login, address: Address = None) -> None:
    """Show a link by which a user chooses the password; good once, for three days."""

    async def make() -> str:
        async with house() as careline:
            known, user = await _user(careline, tenant, login)
            return await invite(careline, known, user, address)

    typer.echo(done(make))


@commands.command("reset-second-factor")
def reset_second_factor(tenant: Tenant, login: Login) -> None:
    """Forget a second factor that was lost; every session of the user ends."""

    async def reset() -> None:
        async with house() as careline:
            known, user = await _user(careline, tenant, login)
            await careline.identity.facade.factors.reset(system_actor(known.id), user.id)

    done(reset)
    typer.echo(f"{login} signs in with the password alone now")


@commands.command("unbind")
def unbind(tenant: Tenant, login: Login) -> None:
    """Forget who a user is at the provider: the next sign-in there binds anew; every session of the user ends."""

    async def forget() -> None:
        async with house() as careline:
            known, user = await _user(careline, tenant, login)
            await careline.identity.facade.bindings.forget(system_actor(known.id), user.id)

    done(forget)
    typer.echo(f"The next one who signs in at the provider as {login} is {login}")


async def _user(careline: Careline, tenant: str, login: str) -> tuple[TenantView, UserView]:
    known = await tenant_of(careline, tenant)
    user = await careline.identity.facade.user_by_login(known.id, login)
    if user is None:
        raise NotFound("user-unknown", login=login, tenant=tenant)
    return known, user


@commands.command("list")
def show(tenant: Tenant) -> None:
    """Show all users with their roles."""

    async def read() -> list[tuple[UserView, list[GrantView]]]:
        async with house() as careline:
            actor = system_actor((await tenant_of(careline, tenant)).id)
            found: list[tuple[UserView, list[GrantView]]] = []
            after = ""
            while True:
                page = await careline.identity.facade.user_page(actor, after=after, limit=PAGE)
                found += page.items
                if page.next is None:
                    return found
                after = page.next

    for user, grants in done(read):
        state = "active" if user.active else "inactive"
        typer.echo(f"{user.login}\t{user.display_name}\t{state}\t{','.join(grant.role for grant in grants)}")


@commands.command("roles")
def roles(tenant: Tenant) -> None:
    """Show the roles of a tenant."""

    async def read() -> list[RoleView]:
        async with house() as careline:
            return await careline.identity.facade.roles((await tenant_of(careline, tenant)).id)

    for role in done(read):
        typer.echo(f"{role.code}\t{role.name}")

"""``careline setup``: a centre with its three administrators, each of whom chooses the password by a link."""

from typing import Annotated

import typer

from careline.bootstrap import Careline, build, prepare_data_folder
from careline.entrypoints.cli.founding import Number, complete, found, how_it_is_called
from careline.entrypoints.cli.saying import done, settings
from careline.infra.settings.settings import Settings
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import system_actor
from careline.modules.directory.identity.views import NewTenant, NewUser, TenantView, UserView

ADMINISTRATORS = (
    ("sysadmin", "系统管理员", "system_administrator"),
    ("secadmin", "安全管理员", "security_administrator"),
    ("auditor", "审计管理员", "audit_administrator"),
)
"""Login, name and role; no one person holds two of them."""

Address = Annotated[
    str | None, typer.Option(help="Where browsers reach this Careline, such as https://careline.example.com.")
]


def link(known: Settings, address: str | None, token: str) -> str:
    """Where a token is used. It stands behind ``#``, which browsers send to nobody."""
    address = address or known.address
    if address is None:
        scheme = "http" if known.tls_certificate is None else "https"
        host = f"[{known.http_host}]" if ":" in known.http_host else known.http_host
        address = f"{scheme}://{host}:{known.http_port}"
    return f"{address.rstrip('/')}/welcome#{token}"


async def invite(careline: Careline, tenant: TenantView, user: UserView, address: str | None) -> str:
    """A new link for a user."""
    made = await careline.identity.facade.invitations.issue(system_actor(tenant.id), user.id)
    return link(careline.settings, address, made.token)


def setup(
    code: Annotated[str, typer.Option(prompt="Code of the centre (a-z and 0-9)", help="Short name in addresses.")],
    name: Annotated[str, typer.Option(prompt="Name of the centre", help="Name as people know it.")],
    time_zone: Annotated[str, typer.Option(help="IANA time zone.")] = "Asia/Shanghai",
    number: Number = None,
    address: Address = None,
) -> None:
    """Make the database, a centre and its three administrators; show a link for each, good once and for three days."""
    known = settings()

    async def make() -> list[tuple[str, str, str | None]]:
        prepare_data_folder(known)
        careline = await build(known)
        try:
            await careline.migrate()
            wanted = NewTenant(code=code, name=name, time_zone=time_zone)
            return await _administrators(careline, await _begun(careline, wanted, number), address)
        finally:
            await careline.close()

    made = done(make)
    typer.echo(f"The centre {code} is there. Give each administrator the link; it is good once, for three days:")
    for login, title, shown in made:
        typer.echo(f"  {login:<10} {title}  {shown or f'was there: careline user invite {code} {login} shows a link'}")
    typer.echo(how_it_is_called(number))
    typer.echo("Then: careline serve")


async def _begun(careline: Careline, new: NewTenant, number: str | None) -> TenantView:
    """The centre: made now, or by a setup before that was stopped amid its work. Raises ``Conflict``."""
    tenant = await careline.identity.facade.tenant_by_code(new.code)
    if tenant is None:
        return await found(careline, new, number=number)
    missing = [login for login, _, _ in ADMINISTRATORS if await _user(careline, tenant, login) is None]
    if tenant.name != new.name or not missing:
        raise Conflict("tenant-exists", field="code", tenant=new.code)
    await complete(careline, tenant, number=number)
    return tenant


async def _administrators(
    careline: Careline, tenant: TenantView, address: str | None
) -> list[tuple[str, str, str | None]]:
    """Login, name and link of each; no link of one who was there and may have a password."""
    made: list[tuple[str, str, str | None]] = []
    for login, title, role in ADMINISTRATORS:
        if await _user(careline, tenant, login) is not None:
            made.append((login, title, None))
            continue
        wanted = NewUser(login=login, display_name=title, roles=(role,))
        user = await careline.identity.facade.create_user(system_actor(tenant.id), wanted)
        made.append((login, title, await invite(careline, tenant, user, address)))
    return made


async def _user(careline: Careline, tenant: TenantView, login: str) -> UserView | None:
    return await careline.identity.facade.user_by_login(tenant.id, login)

"""``careline setup``: a centre with its three administrators, each of whom chooses the password by a link."""

from typing import Annotated

import typer

from careline.bootstrap import Careline, build, prepare_data_folder
from careline.entrypoints.cli.founding import found
from careline.entrypoints.cli.saying import done, settings
from careline.infra.settings.settings import Settings
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
    address: Address = None,
) -> None:
    """Make the database, a centre and its three administrators; show a link for each, good once and for three days."""
    known = settings()

    async def make() -> list[tuple[str, str, str]]:
        prepare_data_folder(known)
        careline = await build(known)
        try:
            await careline.migrate()
            identity = careline.identity.facade
            tenant = await found(careline, NewTenant(code=code, name=name, time_zone=time_zone))
            links = []
            for login, title, role in ADMINISTRATORS:
                wanted = NewUser(login=login, display_name=title, roles=(role,))
                user = await identity.create_user(system_actor(tenant.id), wanted)
                links.append((login, title, await invite(careline, tenant, user, address)))
            return links
        finally:
            await careline.close()

    made = done(make)
    typer.echo(f"The centre {code} is there. Give each administrator the link; it is good once, for three days:")
    for login, title, shown in made:
        typer.echo(f"  {login:<10} {title}  {shown}")
    typer.echo("Then: careline serve")

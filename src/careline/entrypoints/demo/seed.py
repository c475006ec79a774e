"""Makes the demo: what is there stays, what is missing is made."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from careline.bootstrap import Careline
from careline.entrypoints.demo import accounts, cases, customers, hotline, letters, look, requests, staff
from careline.entrypoints.demo.accounts import ACCOUNTS, KnownAccount
from careline.infra.settings.settings import Settings
from careline.kernel.errors import Invalid
from careline.modules.directory.identity.views import NewTenant, TenantView

DEMO_TENANT = NewTenant(code="demo", name="示例移动")

Seed = Callable[[Careline, TenantView], Awaitable[None]]

SEEDS: tuple[Seed, ...] = (customers.seed, hotline.seed, look.seed, requests.seed, cases.seed, letters.seed)
"""What each module brings to the demo, in this order, after its people; each must not mind being run again."""


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """The demo as it is now. ``made`` is True the first time, when the accounts are to be shown."""

    made: bool
    file: Path
    accounts: list[KnownAccount]


async def ensure_demo(careline: Careline) -> Demo:
    """Make what is missing of the demo. Raises ``Invalid`` when others than this machine could reach it."""
    settings = careline.settings
    if not settings.listens_on_loopback:
        raise Invalid("demo-needs-loopback", field="CARELINE_HTTP_HOST", host=settings.http_host)
    tenant = await careline.identity.facade.tenant_by_code(DEMO_TENANT.code)
    made = tenant is None
    if tenant is None:
        tenant = await careline.identity.facade.found_tenant(DEMO_TENANT)
    else:
        # It is of an older version perhaps, without a role that an account of this one holds.
        await careline.identity.facade.refresh_built_in_roles()
    file = accounts_file(settings)
    written = accounts.read_passwords(file)
    known = [
        KnownAccount(
            login=account.login,
            display_name=account.display_name,
            password=written.get(account.login) or accounts.new_password(),
        )
        for account in ACCOUNTS
    ]
    unknown = {one.login for one in known} - written.keys()
    await staff.seed(careline, tenant, known, unknown=unknown)
    if unknown:
        # Not before: who died in between would have told passwords that nobody has.
        accounts.write_passwords(file, known)
    for seed in SEEDS:
        await seed(careline, tenant)
    return Demo(made=made, file=file, accounts=known)


def accounts_file(settings: Settings) -> Path:
    """Where the demo's passwords are kept."""
    return settings.data / "demo-accounts.txt"

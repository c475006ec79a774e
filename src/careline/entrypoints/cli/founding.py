"""A centre as it begins: with what its first contact needs to be ended."""

from careline.bootstrap import Careline
from careline.modules.directory.identity.views import NewTenant, TenantView

FIRST_CODES = (
    ("inquiry", "业务咨询", "Inquiry", None),
    ("request", "业务办理", "Service request", None),
    ("fault", "故障报修", "Fault report", None),
    ("complaint", "投诉与建议", "Complaint or suggestion", None),
    ("other", "其他", "Other", None),
    ("no-business", "无业务（误拨、静音、骚扰）", "No business (wrong number, silence, nuisance)", None),
)
"""Disposition codes, without one of which no contact can be ended; the studio renames, divides and retires them."""


async def found(careline: Careline, new: NewTenant) -> TenantView:
    """Make a centre. Raises what ``Identity.found_tenant`` does."""
    tenant = await careline.identity.facade.found_tenant(new)
    async with careline.database.transaction(tenant.id) as tx:
        await careline.conversations.facade.provide_dispositions(tx, FIRST_CODES)
    return tenant

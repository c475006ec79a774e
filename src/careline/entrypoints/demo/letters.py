"""What customers of the demo left when nobody was there for them: each a case that waits for whoever takes it first."""

from uuid import NAMESPACE_URL, uuid5

import msgspec

from careline.bootstrap import Careline
from careline.entrypoints.demo import hotline
from careline.modules.care.letterbox.views import Because, LeftElsewhere
from careline.modules.directory.identity.views import TenantView


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What was left, by the customer of this number, and how to reach them."""

    number: str
    reach: str
    text: str


LETTERS = (
    Wanted(
        number="16080010002",
        reach="16080010002",
        text="我们仓库下周一搬到城西物流园，12 条语音专线要一起移机。请明天上午打电话给我，先把勘察时间定下来。",
    ),
    Wanted(
        number="16080010001",
        reach="tongxin@gangwu.example",
        text="码头 3 号闸口的专线昨晚十点起时断时续，已经影响过磅。麻烦先查一下线路，再把故障原因发邮件给我们。",
    ),
)


async def seed(careline: Careline, tenant: TenantView) -> None:
    """Make what is missing. Why nobody was there is what customers would be told at this moment."""
    hours = careline.hours.facade
    now = next((hours.now(one) for one in await hours.calendars(tenant.id) if one.name == hotline.HOURS), None)
    if now is None:
        return
    for wanted in LETTERS:
        line = await careline.customers.facade.line(tenant.id, wanted.number)
        if line is None:
            continue
        left = LeftElsewhere(
            contact_id=uuid5(NAMESPACE_URL, f"careline-demo:{tenant.id}:{wanted.number}"),
            customer_id=line.customer_id,
            text=wanted.text,
            reach=wanted.reach,
            consent=hotline.CONSENT["zh-CN"],
            language="zh-CN",
            queue=hotline.OFFICE_HOURS,
            because=Because.BUSY if now.open_now else Because.CLOSED,
            opens_at=None if now.open_now else now.changes_at,
        )
        await careline.letterbox.facade.bring(tenant.id, left)

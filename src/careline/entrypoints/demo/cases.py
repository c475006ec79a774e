"""The demo's cases in all their states, and a complaint that is kept sealed because its customer was erased."""

from contextlib import suppress
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from careline.bootstrap import Careline
from careline.entrypoints.demo import customers
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import Actor, ActorKind
from careline.modules.care.cases.views import CaseState, CaseType, NewCase
from careline.modules.directory.customers.views import Brand, Level
from careline.modules.directory.identity.views import TenantView
from careline.modules.directory.privacy.views import RequestKind, RequestState

SUPERVISOR, DECIDED_BY = "8001", "secadmin"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A case, whose it is, who opened it, and what they did: with a state it was moved, else a remark was written.

    Who does something with it holds it. ``closed`` by the supervisor in the end.
    """

    type: CaseType
    number: str
    title: str
    text: str
    by: str
    done: tuple[tuple[CaseState | None, str], ...] = ()
    closed: bool = False


CASES = (
    Wanted(
        type=CaseType.REQUEST,
        number="16038126021",
        title="亲情副卡补卡",
        text="副卡遗失，已挂失。客户要求补成 eSIM，凭证寄到登记的邮箱。",
        by="8021",
        done=(
            (CaseState.IN_PROGRESS, "已核对机主身份，提交补卡。"),
            (CaseState.RESOLVED, "eSIM 已下发，客户确认可以使用。"),
        ),
    ),
    Wanted(
        type=CaseType.FAULT,
        number="16038190001",
        title="晚上八点以后宽带掉线",
        text="连续三天晚上八点到十点反复掉线，光猫红灯闪。重启后好十分钟。约了周末上门。",
        by="8022",
        done=(
            (CaseState.IN_PROGRESS, "远程看到光功率偏低，派装维上门。"),
            (None, "装维师傅周六上午 9 点到，上门前先打电话。"),
        ),
    ),
    Wanted(
        type=CaseType.COMPLAINT,
        number="16036220914",
        title="校园流量包到期后还在扣费",
        text="客户说 9 月已退订校园流量包，10、11 月仍各扣 10 元，要求退费并说明原因。",
        by="8028",
        done=((CaseState.IN_PROGRESS, "查到退订短信已收到，计费侧没有生效，转计费核实。"),),
    ),
    Wanted(
        type=CaseType.CONSULTATION,
        number="16039517788",
        title="融合套餐换档后宽带速率会不会变",
        text="想从神州行 59 元换到融合 129 元，担心宽带从 300M 降下来，请业务支撑确认后回电。",
        by="8025",
    ),
)

SEALED = Wanted(
    type=CaseType.COMPLAINT,
    number="16039990077",
    title="未经同意开通彩铃",
    text="客户称从未订购彩铃，账单却连续三个月收取 5 元，要求退费、道歉，并删除其个人信息。",
    by="8028",
    done=(
        (CaseState.IN_PROGRESS, "营业厅误操作，录音里没有客户同意。"),
        (CaseState.RESOLVED, "已退 15 元并致歉，客户接受。"),
    ),
    closed=True,
)
"""Of somebody who then asked to be forgotten."""

FORGOTTEN = customers.one_person(
    "林晓燕", SEALED.number, Brand.EASY_OWN, "神州行 29 元", Level.STANDARD, date(2020, 5, 17)
)


async def seed(careline: Careline, tenant: TenantView) -> None:
    """Make what is missing; of who was erased nothing is made."""
    staff: dict[str, Actor] = {}
    for login in {SUPERVISOR, DECIDED_BY} | {one.by for one in (*CASES, SEALED)}:
        user = await careline.identity.facade.user_by_login(tenant.id, login)
        if user is None:
            return
        staff[login] = Actor(tenant_id=tenant.id, kind=ActorKind.USER, id=user.id)
    for wanted in CASES:
        line = await careline.customers.facade.line(tenant.id, wanted.number)
        if line is not None:
            await _open(careline, staff, wanted, line.customer_id)
    await _seal(careline, staff)


async def _open(careline: Careline, staff: dict[str, Actor], wanted: Wanted, customer_id: UUID) -> None:
    cases = careline.cases.facade
    new = NewCase(
        type=wanted.type,
        title=wanted.title,
        text=wanted.text,
        customer_id=customer_id,
        client_id=uuid5(NAMESPACE_URL, f"careline-demo:{wanted.title}"),
    )
    by = staff[wanted.by]
    steps = [(by, *one) for one in wanted.done]
    if wanted.closed:
        steps.append((staff[SUPERVISOR], CaseState.CLOSED, ""))
    with suppress(Conflict):  # it is there, and its customer is another one since
        opened = await cases.open(by, new)
        if opened.again:
            return
        if steps:
            await cases.assign(by, opened.case_id, by.id, 1)
        for who, to, text in steps:
            if to is None:
                await cases.comment(who, opened.case_id, text)
            else:
                version = (await cases.case(who, opened.case_id)).case.version
                await cases.move(who, opened.case_id, to, version, text or None)


async def _seal(careline: Careline, staff: dict[str, Actor]) -> None:
    """Somebody complains, is answered, and has their data erased: the complaint is what the law keeps."""
    privacy, asks = careline.privacy.facade, staff[SUPERVISOR]
    page = await privacy.page(asks, kind=RequestKind.ERASURE, states=(RequestState.DONE,), limit=1)
    if page.items:
        return
    line = await careline.customers.facade.line(asks.tenant_id, SEALED.number)
    customer_id = line.customer_id if line else (await careline.customers.facade.register(asks, FORGOTTEN)).id
    await _open(careline, staff, SEALED, customer_id)
    under_way = (await privacy.page(asks, kind=RequestKind.ERASURE, customer_id=customer_id, limit=1)).items
    shown = under_way[0] if under_way else await privacy.ask(asks, RequestKind.ERASURE, customer_id, "real_name")
    if shown.request.state is RequestState.WAITING:
        await privacy.approve(staff[DECIDED_BY], shown.request.id, shown.request.version)
    await privacy.work_on_erasure(asks.tenant_id, shown.request.id)

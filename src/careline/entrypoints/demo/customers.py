"""The demo's customers: synthetic people with numbers that no operator gives out, and what is written down of some."""

import random
from datetime import date
from uuid import UUID

import msgspec

from careline.bootstrap import Careline
from careline.kernel.tenancy import Actor, ActorKind, system_actor
from careline.modules.directory.customers.views import (
    Brand,
    ConsentBasis,
    ConsentPurpose,
    ConsentWay,
    ContactKind,
    ContactUse,
    Level,
    NewBillingAccount,
    NewConsent,
    NewContactPoint,
    NewCustomer,
    NewSubscription,
    PartyKind,
    PayKind,
)
from careline.modules.directory.identity.views import TenantView
from careline.modules.directory.privacy.views import RequestKind, RequestState

# Numbers begin with 160, which is assigned to no operator.
KNOWN = (
    ("王小敏", "16038126021", Brand.GLOBAL_LINK, "全球通畅享 198 元", Level.GOLD, date(2015, 3, 9)),
    ("李明辉", "16039517788", Brand.EASY_OWN, "神州行 59 元", Level.SILVER, date(2018, 6, 21)),
    ("张伟", "16036220914", Brand.M_ZONE, "动感地带 39 元", Level.STANDARD, date(2021, 9, 1)),
    ("刘晨洋", "16037734450", Brand.M_ZONE, "动感地带 79 元", Level.STANDARD, date(2022, 9, 3)),
    ("孙文涛", "16036419034", Brand.EASY_OWN, "融合 129 元", Level.SILVER, date(2016, 11, 26)),
)
"""Name, number, brand, plan, level, since: those that tests and guides name, and whom the demo phone can call as."""

TWICE = ("王晓敏", "16038120455", Brand.EASY_OWN, "神州行 29 元", Level.STANDARD, date(2019, 4, 12))
"""Somebody who was taken down a second time, in a shop, with her name misheard: for looking for duplicates."""

SERVICE_PASSWORDS = {"16038126021": "738629", "16039517788": "402965"}
"""By number. They open nothing but made-up records; the demo's telephone tells them to who tries it."""

NOBODYS_NUMBER = "16099990000"
"""For a caller who is no customer."""

COMPANIES = (
    ("示例港务有限公司", "16080010001", "集团专线基础包"),
    ("示例物流集团", "16080010002", "集团语音 300"),
)

_FAMILY = "赵钱周吴郑冯陈蒋沈韩杨朱秦许何吕施孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛"
_GIVEN = ("文静", "志强", "海燕", "俊杰", "丽华", "建国", "秀英", "子轩", "雨桐", "国庆", "晓东", "春梅", "思远")
_PLANS = {
    Brand.GLOBAL_LINK: ("全球通畅享 128 元", "全球通畅享 198 元", "全球通畅享 238 元"),
    Brand.EASY_OWN: ("神州行 29 元", "神州行 59 元", "融合 129 元"),
    Brand.M_ZONE: ("动感地带 39 元", "动感地带 79 元"),
}
OTHERS = 33
"""Customers besides those above; they come out the same each time."""

TAGS = ("老客户", "集团客户", "投诉敏感", "优先普通话", "听力不便", "家庭套餐", "校园", "宽带")
"""The vocabulary of the demo's centre."""

AUTHOR = "8021"
"""Who wrote the notes."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a customer besides name and line."""

    tags: tuple[str, ...] = ()
    contact_points: tuple[NewContactPoint, ...] = ()
    used_by: str | None = None
    second_line: NewSubscription | None = None
    notes: tuple[str, ...] = ()
    consents: tuple[NewConsent, ...] = ()


def _said(purpose: ConsentPurpose, proof: str, *, given: bool = True, how: ConsentWay = ConsentWay.CALL) -> NewConsent:
    basis = ConsentBasis.SEPARATE if purpose is ConsentPurpose.LOCATION else ConsentBasis.CONSENT
    return NewConsent(purpose=purpose, given=given, basis=basis, how=how, proof=proof, proof_version="2026-03")


MORE = {
    "16038126021": Known(
        tags=("老客户", "家庭套餐"),
        contact_points=(
            NewContactPoint(kind=ContactKind.EMAIL, value="wang.xiaomin@example.com", preferred=True),
            NewContactPoint(kind=ContactKind.PHONE, value="010-5550 0126", use=ContactUse.WORK),
            NewContactPoint(kind=ContactKind.ADDRESS, value="示例省示例市城东区桂花路 18 号 3 单元 602"),
        ),
        second_line=NewSubscription(
            msisdn="16038126022", brand=Brand.M_ZONE, plan="动感地带 39 元(亲情副卡)", used_by="王小宝"
        ),
        notes=(
            "副卡给上小学的儿子用，夜间流量已按客户要求限制。",
            "对流量提醒没收到不满，11 月那笔已核实退费；再打来先说结果。",
        ),
        consents=(
            _said(ConsentPurpose.MARKETING, "可以给我发套餐优惠的短信。"),
            _said(ConsentPurpose.LOCATION, "同意查询宽带故障时使用所在小区的位置。"),
            _said(ConsentPurpose.MARKETING, "不要再发优惠短信了。", given=False),
        ),
    ),
    "16039517788": Known(
        tags=("宽带",),
        contact_points=(
            NewContactPoint(
                kind=ContactKind.ADDRESS, value="示例省示例市城北区和平里 7 号楼 2 单元 301", preferred=True
            ),
        ),
        notes=("光猫在弱电箱里，上门师傅请提前半小时打电话。",),
        consents=(_said(ConsentPurpose.RESEARCH, "愿意参加满意度回访。"),),
    ),
    "16036220914": Known(
        tags=("校园",),
        contact_points=(NewContactPoint(kind=ContactKind.EMAIL, value="zhangwei@example.edu", preferred=True),),
        consents=(_said(ConsentPurpose.PERSONALISATION, "可以按我的用量推荐套餐。", how=ConsentWay.CHAT),),
    ),
    "16037734450": Known(tags=("校园", "优先普通话")),
    "16038120455": Known(
        tags=("宽带",),
        contact_points=(
            NewContactPoint(kind=ContactKind.PHONE, value="16038126021", preferred=True),
            NewContactPoint(kind=ContactKind.EMAIL, value="wang.xiaomin@example.com"),
        ),
        notes=("营业厅建档：宽带装机联系人。",),
        consents=(_said(ConsentPurpose.MARKETING, "有优惠可以发短信。", how=ConsentWay.HALL),),
    ),
    "16036419034": Known(
        tags=("投诉敏感", "宽带"),
        used_by="孙秀英",
        notes=("机主本人很少接，平时由母亲孙女士使用，涉及办理要机主本人核验。",),
    ),
}
"""By number, for those whom tests and guides name."""


async def seed(careline: Careline, tenant: TenantView) -> None:
    """Make the customers whose number is nobody's yet, and the words to tag them with."""
    customers = careline.customers.facade
    actor = system_actor(tenant.id)
    words = {tag.name for tag in await customers.tags(tenant.id)}
    for name in TAGS:
        if name not in words:
            await customers.add_tag(actor, name)
    page = await careline.privacy.facade.page(actor, kind=RequestKind.ERASURE, states=(RequestState.DONE,), limit=1)
    if page.items:
        return  # who is missing now was erased, and is not made again
    author = await careline.identity.facade.user_by_login(tenant.id, AUTHOR)
    for wanted in wanted_customers():
        number = wanted.subscriptions[0].msisdn
        if await customers.line(tenant.id, number) is not None:
            continue
        made = await customers.register(actor, wanted)
        if number in MORE and author is not None:
            await _write(careline, Actor(tenant_id=tenant.id, kind=ActorKind.USER, id=author.id), made.id, MORE[number])
    for number, password in SERVICE_PASSWORDS.items():
        await _provide_password(careline, tenant, number, password)


async def _provide_password(careline: Careline, tenant: TenantView, number: str, password: str) -> None:
    customers = careline.customers.facade
    line = await customers.line(tenant.id, number)
    if line is None:
        return
    kept = await customers.service_passwords.kept(tenant.id, line.customer_id)
    if line.subscription_id not in {one.subscription_id for one in kept}:
        await customers.service_passwords.provide(system_actor(tenant.id), line.subscription_id, password)


async def _write(careline: Careline, author: Actor, customer_id: UUID, known: Known) -> None:
    for note in known.notes:
        await careline.customers.facade.write_note(author, customer_id, note)
    for consent in known.consents:
        await careline.customers.facade.record_consent(author, customer_id, consent)


def wanted_customers() -> list[NewCustomer]:
    """All customers of the demo."""
    people = [_known(*known) for known in (*KNOWN, TWICE)]
    return people + [_company(*company) for company in COMPANIES] + _others()


def _known(name: str, msisdn: str, brand: Brand, plan: str, level: Level, since: date) -> NewCustomer:
    person, more = one_person(name, msisdn, brand, plan, level, since), MORE[msisdn]
    (line,) = person.subscriptions
    lines = [msgspec.structs.replace(line, used_by=more.used_by)]
    if more.second_line is not None:
        lines.append(more.second_line)
    return msgspec.structs.replace(
        person, subscriptions=tuple(lines), tags=more.tags, contact_points=more.contact_points
    )


def one_person(name: str, msisdn: str, brand: Brand, plan: str, level: Level, since: date) -> NewCustomer:
    """Somebody with one line, paid for by themselves."""
    account = NewBillingAccount(name="个人账户", pay_kind=_pay_kind(brand))
    line = NewSubscription(msisdn=msisdn, brand=brand, plan=plan)
    return NewCustomer(name=name, since=since, level=level, accounts=(account,), subscriptions=(line,))


def _company(name: str, msisdn: str, plan: str) -> NewCustomer:
    line = NewSubscription(msisdn=msisdn, brand=Brand.ENTERPRISE, plan=plan, used_by="示例联系人")
    return NewCustomer(
        name=name,
        kind=PartyKind.ORGANISATION,
        since=date(2014, 1, 1),
        level=Level.DIAMOND,
        accounts=(NewBillingAccount(name="集团付费", pay_kind=PayKind.POSTPAID),),
        subscriptions=(line,),
        tags=("集团客户",),
    )


def _others() -> list[NewCustomer]:
    chance = random.Random(10086)  # noqa: S311 - the same people each time, no secret
    found = []
    for index in range(OTHERS):
        brand = chance.choice(list(_PLANS))
        since = date(2012 + index % 13, 1 + index % 12, 1 + chance.randrange(28))
        name = _FAMILY[index] + chance.choice(_GIVEN)
        msisdn = f"160{chance.randrange(2000, 7999)}{index:04d}"
        person = one_person(name, msisdn, brand, chance.choice(_PLANS[brand]), chance.choice(list(Level)), since)
        found.append(msgspec.structs.replace(person, tags=(TAGS[index % len(TAGS)],) if index % 3 == 0 else ()))
    return found


def _pay_kind(brand: Brand) -> PayKind:
    return PayKind.POSTPAID if brand is Brand.GLOBAL_LINK else PayKind.PREPAID

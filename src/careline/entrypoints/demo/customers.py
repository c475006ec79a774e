"""The demo's customers: synthetic people with numbers that no operator gives out."""

import random
from datetime import date

from careline.bootstrap import Careline
from careline.kernel.tenancy import system_actor
from careline.modules.directory.customers.views import (
    Brand,
    Level,
    NewBillingAccount,
    NewCustomer,
    NewSubscription,
    PartyKind,
    PayKind,
)
from careline.modules.directory.identity.views import TenantView

# Numbers begin with 160, which is assigned to no operator.
KNOWN = (
    ("王小敏", "16038126021", Brand.GLOBAL_LINK, "全球通畅享 198 元", Level.GOLD, date(2015, 3, 9)),
    ("李明辉", "16039517788", Brand.EASY_OWN, "神州行 59 元", Level.SILVER, date(2018, 6, 21)),
    ("张伟", "16036220914", Brand.M_ZONE, "动感地带 39 元", Level.STANDARD, date(2021, 9, 1)),
    ("刘晨洋", "16037734450", Brand.M_ZONE, "动感地带 79 元", Level.STANDARD, date(2022, 9, 3)),
    ("孙文涛", "16036419034", Brand.EASY_OWN, "融合 129 元", Level.SILVER, date(2016, 11, 26)),
)
"""Name, number, brand, plan, level, since: those that tests and guides name, and whom the demo phone can call as."""

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


async def seed(careline: Careline, tenant: TenantView) -> None:
    """Make the customers whose number is nobody's yet."""
    customers = careline.customers.facade
    actor = system_actor(tenant.id)
    for wanted in wanted_customers():
        if await customers.line(tenant.id, wanted.subscriptions[0].msisdn) is None:
            await customers.register(actor, wanted)


def wanted_customers() -> list[NewCustomer]:
    """All customers of the demo."""
    people = [_person(*known) for known in KNOWN]
    return people + [_company(*company) for company in COMPANIES] + _others()


def _person(name: str, msisdn: str, brand: Brand, plan: str, level: Level, since: date) -> NewCustomer:
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
        found.append(_person(name, msisdn, brand, chance.choice(_PLANS[brand]), chance.choice(list(Level)), since))
    return found


def _pay_kind(brand: Brand) -> PayKind:
    return PayKind.POSTPAID if brand is Brand.GLOBAL_LINK else PayKind.PREPAID

"""Finding a customer while the agent types: among 1,000, 10,000 and 100,000 customers, on SQLite and on PostgreSQL.

Each search goes through the use case as the desk asks it: the terms, the customers with their lines, masked. Queries
are drawn from the customers themselves, as people look for them: the last four digits, digits from within, a whole
number, part of a name, how a name sounds in four ways, a name with digits, two words that many have. The yardstick
is the same answer by ``LIKE '%…%'`` over names and numbers in the same database, for the queries that it can answer:
numbers and names. The worst kinds are told beside the figures, by wait and by the processor's time in this process.

``growth_exponent`` is b in cost ~ customers^b, fitted over the three sizes; 0 would be no growth, a scan has 1.
"""

import asyncio
import gc
import math
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

import msgspec
import uvloop
from sqlalchemy import TextClause, insert, or_, select, text

from benchmarks.harness import Figure, Report, compare, note, print_figure, rounded
from careline.infra import garbage
from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.kernel.clock import SystemClock
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.directory.customers.engine.terms import VERSION, terms_of
from careline.modules.directory.customers.models import (
    BillingAccountRow,
    CustomerRow,
    PartyRow,
    SubscriptionRow,
)
from careline.modules.directory.customers.repository import customers as repository
from careline.modules.directory.customers.repository.search import joined
from careline.modules.directory.customers.services.readings import readings_of
from careline.modules.directory.customers.services.search import Search
from careline.modules.directory.customers.views import Brand, Level, LineStatus, PartyKind, PayKind
from tests.support.postgres import running_cluster

LIMIT_S = 900
SIZES = (1_000, 10_000, 100_000)
ROUNDS = 5
SEARCHES = 70
SCANS = 6
SHOWN = 20
AT_ONCE = 5_000

FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈单仇查"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰梅红建国文志海燕俊子轩雨桐晓东春思远晨辉欣怡浩宇佳诗涵梓"

Query = tuple[str, str]


class Filled:
    """A database with so many customers of one tenant."""

    def __init__(self, url: str, size: int) -> None:
        self.size = size
        self.tenant_id = TenantId(new_id())
        self.database = Database(url, SystemClock())
        self._search = Search(self.database)
        self._chance = random.Random(size)
        self.people: list[tuple[str, str]] = []
        self.fill_s = 0.0
        self.bytes_each = 0.0

    async def open(self) -> None:
        """Make the tables and the customers."""
        await schema.migrate(self.database)
        await self.fill()

    async def fill(self) -> None:
        """Make the customers; the tables are there."""
        before = await self._bytes()
        began = time.perf_counter()
        for start in range(0, self.size, AT_ONCE):
            await self._fill(start, min(AT_ONCE, self.size - start))
        self.fill_s = time.perf_counter() - began
        await self._analyse()
        self.bytes_each = (await self._bytes() - before) / self.size

    async def close(self) -> None:
        """Give everything back."""
        await self.database.close()

    def queries(self, count: int) -> list[Query]:
        """What people type who look for somebody, each kind in turn."""
        made: list[Query] = []
        while len(made) < count:
            name, number = self._chance.choice(self.people)
            said = [readings_of(char)[0] for char in name]
            start = self._chance.randrange(3, 7)
            made += [
                ("number: its last four", number[-4:]),
                ("number: four from within", number[start : start + 4]),
                ("number", number),
                ("name", name),
                ("name: its first character", name[:1]),
                ("name: the given one", name[1:]),
                ("sound", "".join(said)),
                ("sound: by letters", "".join(one[0] for one in said)),
                ("sound: mixed", said[0] + "".join(one[0] for one in said[1:])),
                ("sound: the given one", "".join(said[1:])),
                ("words: character and last four", f"{name[:1]} {number[-4:]}"),
                ("number: its first three", number[:3]),
                ("words: character and first three", f"{name[:1]} {number[:3]}"),
                ("words: two syllables", f"{said[-1]} {said[0]}"),
            ]
        return made[:count]

    async def find(self, query: str) -> int:
        """Ask as the desk does; how many were found."""
        return len((await self._search.find(self.tenant_id, query, limit=SHOWN)).items)

    async def scan(self, query: str) -> int:
        """The yardstick: the same customers by LIKE, shown in the same way."""
        has = or_(
            PartyRow.name.contains(query, autoescape=True), SubscriptionRow.msisdn.contains(query, autoescape=True)
        )
        statement = (
            select(CustomerRow.id)
            .join(PartyRow, PartyRow.id == CustomerRow.party_id)
            .join(SubscriptionRow, SubscriptionRow.customer_id == CustomerRow.id)
            .where(
                CustomerRow.tenant_id == self.tenant_id,
                PartyRow.tenant_id == self.tenant_id,
                SubscriptionRow.tenant_id == self.tenant_id,
                has,
            )
            .order_by(CustomerRow.id.desc())
            .limit(SHOWN)
        )
        async with self.database.reading(self.tenant_id) as reading:
            ids = list((await reading.execute(statement)).scalars().all())
            return len(await repository.views(reading, ids))

    async def _fill(self, start: int, count: int) -> None:
        rows: dict[type[Any], list[dict[str, Any]]] = {
            PartyRow: [],
            CustomerRow: [],
            BillingAccountRow: [],
            SubscriptionRow: [],
        }
        terms: list[tuple[str, str]] = []
        for index in range(start, start + count):
            terms += self._add(rows, index)
        terms.sort()  # as the index stands, so that its pages are met one after another
        async with self.database.transaction(self.tenant_id) as tx:
            for table, values in rows.items():
                await tx.execute(insert(table), values)
            await tx.execute(*self._terms_at_once(terms))

    def _terms_at_once(self, terms: Sequence[tuple[str, str]]) -> tuple[TextClause, dict[str, Any]]:
        """Twenty rows a customer: one statement for all, since a statement a row is what filling takes its time for."""
        if self.database.dialect == "postgresql":
            statement = text(
                "INSERT INTO customer_term (tenant_id, term, customer_id)"
                " SELECT :tenant, unnest(CAST(:terms AS text[])), unnest(CAST(:ids AS uuid[]))"
            )
            of, ids = [term for term, _ in terms], [customer for _, customer in terms]
            return statement, {"tenant": self.tenant_id, "terms": of, "ids": ids}
        statement = text(
            "INSERT INTO customer_term (tenant_id, term, customer_id)"
            " SELECT :tenant, value ->> 0, value ->> 1 FROM json_each(:terms)"
        )
        return statement, {"tenant": self.tenant_id.hex, "terms": msgspec.json.encode(terms).decode()}

    def _add(self, rows: dict[type[Any], list[dict[str, Any]]], index: int) -> list[tuple[str, str]]:
        """Put one customer to the rows; the terms to find them by, with the customer's id."""
        given = self._chance.choice((1, 2, 2))
        name = self._chance.choice(FAMILY) + "".join(self._chance.choice(GIVEN) for _ in range(given))
        number = f"1{self._chance.choice('35789')}{(index * 7919 + self._chance.randrange(7919)) % 1_000_000_000:09d}"
        ids = {"party": new_id(), "customer": new_id(), "account": new_id()}
        of = {"tenant_id": self.tenant_id}
        self.people.append((name, number))
        rows[PartyRow].append(of | {"id": ids["party"], "kind": PartyKind.PERSON, "name": name})
        terms = sorted(terms_of([number], [name], readings_of))
        rows[CustomerRow].append(
            of
            | {
                "id": ids["customer"],
                "party_id": ids["party"],
                "level": Level.STANDARD,
                "since": date(2020, 1, 1),
                "language": "zh-CN",
                "tags": [],
                "created_at": SystemClock().now(),
                "terms": joined(terms),
                "terms_version": VERSION,
            }
        )
        account = {"id": ids["account"], "customer_id": ids["customer"], "name": "个人账户"}
        rows[BillingAccountRow].append(of | account | {"pay_kind": PayKind.PREPAID})
        rows[SubscriptionRow].append(
            of
            | {
                "id": new_id(),
                "customer_id": ids["customer"],
                "billing_account_id": ids["account"],
                "msisdn": number,
                "brand": Brand.EASY_OWN,
                "plan": "神州行 29 元",
                "status": LineStatus.ACTIVE,
            }
        )
        return [(term, ids["customer"].hex) for term in terms]

    async def _analyse(self) -> None:
        """As the databases do by themselves after a while: PostgreSQL's autovacuum, SQLite's optimize."""
        async with self.database.engine.connect() as connection:
            plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await plain.execute(text("VACUUM ANALYZE" if self.database.dialect == "postgresql" else "ANALYZE"))

    async def _bytes(self) -> int:
        async with self.database.engine.connect() as connection:
            if self.database.dialect == "postgresql":
                return int((await connection.execute(text("SELECT pg_database_size(current_database())"))).scalar_one())
            pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
            return int(pages) * int((await connection.execute(text("PRAGMA page_size"))).scalar_one())


Ask = Callable[[str], Awaitable[int]]


class Took(NamedTuple):
    """One search: its kind, the wait, and the processor's time in this process, both in ms."""

    kind: str
    wait: float
    cpu: float


async def _timed(ask: Ask, queries: Sequence[Query]) -> list[Took]:
    took = []
    for kind, query in queries:
        began, busy = time.perf_counter(), time.process_time()
        await ask(query)
        took.append(Took(kind, (time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000))
    return took


def _worst(took: Sequence[Took]) -> str:
    """The three kinds of search whose slowest took the most of the processor, and those who were waited for longest."""
    cpu: dict[str, float] = {}
    wait: dict[str, float] = {}
    for one in took:
        cpu[one.kind] = max(cpu.get(one.kind, 0.0), one.cpu)
        wait[one.kind] = max(wait.get(one.kind, 0.0), one.wait)
    told = []
    for what, slowest in (("processor", cpu), ("wait", wait)):
        first = sorted(slowest.items(), key=lambda kind: -kind[1])[:3]
        told.append(f"{what} " + ", ".join(f"{kind} {rounded(most):g} ms" for kind, most in first))
    return "; ".join(told)


def _p99(times: Sequence[float]) -> float:
    return quantiles(times, n=100, method="inclusive")[98]


def _measure(runner: asyncio.Runner, filled: Filled, name: str, report: Report) -> float:
    """The figures of one size; the median search in ms."""
    scannable = [one for one in filled.queries(SCANS * 6) if one[0].startswith(("number", "name"))][:SCANS]
    found: list[list[float]] = []
    scanned: list[list[float]] = []
    took: list[Took] = []
    empty = 0
    for _ in range(ROUNDS):
        queries = filled.queries(SEARCHES)
        searches = runner.run(_timed(filled.find, queries))
        took += searches
        found.append([one.wait for one in searches])
        scanned.append([one.wait for one in runner.run(_timed(filled.scan, scannable))])
        empty += sum(1 for _, query in queries if not runner.run(filled.find(query)))
    if empty:
        raise RuntimeError(f"{empty} searches of {name} found nobody, though each asked for somebody who is there")
    note(f"customers: the worst of {name}: {_worst(took)}")
    beside = "LIKE over names and numbers"
    p50, p99 = [median(times) for times in found], [_p99(times) for times in found]
    scans = [median(times) for times in scanned]
    report(compare(f"customers.find_p50_ms.{name}", "ms", p50, beside, scans))
    report(compare(f"customers.find_p99_ms.{name}", "ms", p99, beside, [max(times) for times in scanned]))
    return median(p50)


def _growth(name: str, costs: Sequence[float], report: Report) -> None:
    """b in cost ~ size^b, by least squares on the logarithms."""
    points = [(math.log(size), math.log(cost)) for size, cost in zip(SIZES, costs, strict=True)]
    mean_x, mean_y = (sum(one[axis] for one in points) / len(points) for axis in (0, 1))
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    report(
        Figure(
            name=f"customers.growth_exponent.{name}",
            value=rounded(slope),
            unit="b in cost ~ customers^b",
            yardstick="a scan: 1",
            ratio=rounded(slope),
            rounds=ROUNDS,
        )
    )


def run(report: Report) -> None:
    """All figures of finding customers."""
    counted = iter(range(len(SIZES)))
    before = gc.get_threshold()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_cluster() as cluster,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        addresses: dict[str, Callable[[], str]] = {
            "sqlite": lambda: f"sqlite+aiosqlite:///{Path(folder) / f'customers-{next(counted)}.db'}",
            "postgresql": lambda: cluster.url(cluster.create()),
        }
        for kind, address in addresses.items():
            costs = []
            for size in SIZES:
                filled = Filled(address(), size)
                runner.run(filled.open())
                garbage.settle()  # as the server does
                note(f"customers: {size} on {kind}, made in {filled.fill_s:.0f} s, {filled.bytes_each:.0f} bytes each")
                costs.append(_measure(runner, filled, f"{kind}.customers_{size}", report))
                runner.run(filled.close())
                gc.unfreeze()
            _growth(kind, costs, report)
    gc.set_threshold(*before)


if __name__ == "__main__":
    run(print_figure)

"""Looking through the audit: a page of fifty entries among 10,000 and 1,000,000, on SQLite and on PostgreSQL.

Each page goes through the walk that the screen asks for, with every filter that it has, from the end of the trail and
from its middle, and with the count that stands above it. The figure is the slowest of them; the yardstick is the same
way of looking among 10,000 entries. A way whose cost grew with the trail would be a hundred times slower.
"""

import random
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import uvloop
from sqlalchemy import insert, text

from benchmarks.harness import Figure, Report, note, print_figure, rounded
from careline.infra.database import schema
from careline.infra.database.database import Database
from careline.kernel.clock import SystemClock
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.engine.actions import ACTIONS, Outcome
from careline.modules.directory.identity.models import AuditEntryRow, TenantRow
from careline.modules.directory.identity.repository import audit_pages as pages
from careline.modules.directory.identity.views import AuditFilter
from tests.support.postgres import running_cluster

LIMIT_S = 600
SIZES = (10_000, 1_000_000)
ROUNDS = 5
SHOWN = 50
AT_ONCE = 10_000
RARE = "role.changed"
REFUSED = "session.refused"


class Trail:
    """A database with one tenant's trail: many people, few refusals, and one action that is rare."""

    def __init__(self, url: str, size: int) -> None:
        self.size = size
        self.tenant_id = TenantId(new_id())
        self.database = Database(url, SystemClock())
        self._chance = random.Random(size)
        self._began = SystemClock().now() - timedelta(days=200)
        self._people = [f"user:{new_id()}" for _ in range(2_000)]
        self._things = [str(new_id()) for _ in range(max(size // 20, 1))]
        self._often = sorted(ACTIONS.keys() - {RARE, REFUSED})

    async def open(self) -> None:
        """Make the tables and the entries."""
        await schema.migrate(self.database)
        for start in range(0, self.size, AT_ONCE):
            rows = [self._entry(seq) for seq in range(start + 1, start + AT_ONCE + 1)]
            async with self.database.transaction(self.tenant_id) as tx:
                if start == 0:
                    await tx.execute(insert(TenantRow).values(self._tenant()))
                await tx.execute(insert(AuditEntryRow), rows)
        if self.database.dialect == "postgresql":
            async with self.database.engine.begin() as connection:
                await connection.execute(text("ANALYZE audit_entry"))

    def ways(self) -> dict[str, AuditFilter]:
        """Every filter of the screen, alone and in the pairs that people use."""
        middle = self._began + timedelta(seconds=self.size * 8)
        return {
            "all": AuditFilter(),
            "actor": AuditFilter(actor=self._people[7]),
            "system": AuditFilter(actor="system"),
            "subject": AuditFilter(subject=self._things[3]),
            "rare action": AuditFilter(action=RARE),
            "usual action": AuditFilter(action="customer.revealed"),
            "no such action": AuditFilter(action="never.done"),
            "kind": AuditFilter(kind="customer"),
            "denied": AuditFilter(outcome=Outcome.DENIED),
            "failed": AuditFilter(outcome=Outcome.FAILED),
            "allowed": AuditFilter(outcome=Outcome.ALLOWED),
            "days": AuditFilter(since=middle, until=middle + timedelta(days=1)),
            "until": AuditFilter(until=middle),
            "actor and action": AuditFilter(actor=self._people[7], action=RARE),
            "actor and kind": AuditFilter(actor=self._people[7], kind="role"),
            "kind and days": AuditFilter(kind="customer", until=middle),
        }

    async def look(self, wanted: AuditFilter) -> float:
        """Seconds for a page from the end, one from the middle, and the count."""
        began = time.perf_counter()
        async with self.database.reading(self.tenant_id) as reading:
            await pages.latest(reading, wanted, before=None, limit=SHOWN)
            await pages.latest(reading, wanted, before=self.size // 2, limit=SHOWN)
            await pages.found(reading, wanted)
        return time.perf_counter() - began

    def _tenant(self) -> dict[str, Any]:
        told = {"code": "bench", "name": "bench", "time_zone": "UTC", "locale": "zh-CN", "accent": "#000000"}
        return {"id": self.tenant_id, "created_at": self._began, **told}

    def _entry(self, seq: int) -> dict[str, Any]:
        chance = self._chance.random()
        action = RARE if seq % 50_000 == 77 else REFUSED if seq % 997 == 5 else self._chance.choice(self._often)
        return {
            "tenant_id": self.tenant_id,
            "seq": seq,
            "at": self._began + timedelta(seconds=seq * 16),
            "actor": "system" if chance < 0.2 else self._chance.choice(self._people),
            "action": action,
            "subject": None if chance > 0.95 else self._chance.choice(self._things),
            "params": '{"fields":"display_name"}',
        }


async def _measure(name: str, urls: dict[int, str], report: Report) -> None:
    medians: dict[int, dict[str, float]] = {}
    for size, url in urls.items():
        trail = Trail(url, size)
        await trail.open()
        taken: dict[str, list[float]] = {way: [] for way in trail.ways()}
        for _ in range(ROUNDS):
            for way, wanted in trail.ways().items():
                taken[way].append(await trail.look(wanted))
        await trail.database.close()
        medians[size] = {way: median(times) * 1000 for way, times in taken.items()}
        for way, ms in medians[size].items():
            note(f"  {name} {size:>9,}: {way:<18} {ms:8.2f} ms")
    few, many = (medians[size] for size in SIZES)
    slowest = max(many, key=lambda way: many[way])
    report(
        Figure(
            name=f"audit.page_ms.{name}",
            value=rounded(many[slowest]),
            unit="ms",
            yardstick=f"the same among {SIZES[0]:,} ({slowest}): {rounded(few[slowest]):g} ms",
            ratio=rounded(many[slowest] / few[slowest]),
            rounds=ROUNDS,
        )
    )


def run(report: Report) -> None:
    """On SQLite, then on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="careline-audit-") as folder:
        files = {size: f"sqlite+aiosqlite:///{Path(folder) / f'{size}.db'}" for size in SIZES}
        uvloop.run(_measure("sqlite", files, report))
    with running_cluster() as cluster:
        urls = {size: cluster.url(cluster.create()) for size in SIZES}
        uvloop.run(_measure("postgresql", urls, report))


if __name__ == "__main__":
    run(print_figure)

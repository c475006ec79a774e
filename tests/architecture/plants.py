"""A clean tree that uses what the rules allow, and one breach after another to plant in it.

A planted line that must be reported ends in the word BREACH in a comment; without one, line 1 is meant.
"""

from tests.architecture.plants_sql import SQL_BREACHES, SQL_CLEAN

M = "src/careline/modules"
CASES = f"{M}/care/cases"
PARAGRAPH = '"""Owns cases from open to closed, and promises that none is lost."""\n'

ENDPOINTS = """
from typing import Annotated
from fastapi import APIRouter, Depends
from careline.infra.web import public, requires

router = APIRouter()
Reader = Annotated[object, Depends(requires("case:read"))]


@router.get("/cases", dependencies=[Depends(requires("case:read"))])
async def list_cases() -> list[str]:
    return []


@router.get("/cases/{case_id}")
async def read_case(case_id: str, actor: Reader) -> str:
    return case_id


@router.post("/cases")
async def open_case(actor: object = Depends(requires("case:open"))) -> str:
    return ""


def build_router(cases):
    built = APIRouter()
    Opener = Annotated[object, Depends(requires("case:open"))]

    @built.post("/cases/again")
    async def open_again(actor: Opener) -> str:
        return cases

    return built


@router.get("/hello", dependencies=[Depends(public())])
async def hello() -> str:
    return "hello"
"""

SERVICE = """
import asyncio
from careline.modules.care.cases import repository


class Cases:
    def __init__(self, database, clock):
        self._database = database
        self._clock = clock

    async def open(self, tenant_id, text):
        await asyncio.sleep(0)
        async with self._database.transaction(tenant_id) as tx:
            row = await repository.insert(tx, text)
            async for found in repository.similar(tx, row):
                await tx.lock(found)
            later = self._later
            tx.on_commit(later)
        await asyncio.sleep(0)

    async def close(self, tx, case_id):
        await self._repository(tx).close(case_id)
        try:
            await repository.stop_clock(tx=tx, now=self._clock.now())
        except LookupError:
            pass
"""

VIEWS = """
import msgspec


class Case(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    number: int


class Closed(msgspec.Struct, frozen=True):
    number: int
"""

CLEAN = SQL_CLEAN | {
    "src/careline/kernel/clock.py": "from datetime import UTC, datetime\n\n\n"
    "def now():\n    return datetime.now(UTC)\n",
    "src/careline/infra/settings/settings.py": "import os\n\nHOST = os.environ.get('CARELINE_HTTP_HOST')\n",
    f"{CASES}/service.py": SERVICE,
    f"{CASES}/endpoints.py": ENDPOINTS,
    f"{CASES}/views.py": VIEWS,
    f"{CASES}/events.py": "from careline.kernel.events import Event\n\n\n"
    "class CaseOpened(Event, frozen=True, kw_only=True):\n    has_phone: bool\n    caller_number_known: bool\n",
    "tests/modules/cases/test_service.py": "def test_nothing_is_lost():\n    assert {}.get('case') is None\n",
    "docs/operations.md": "A request to 127.0.0.1:8080, never to 10.0.0.0/8.\n",
    "ui/src/shared/i18n/zh-CN.ts": "export const messages = { hello: '你好' };\n",
    "ui/src/shared/time.ts": "// 时长\nexport const zone = 'Asia/Shanghai'; /* 时区 */\n",
    "ui/src/features/cases/Case.tsx": "import { zone } from '@/shared/time';\n"
    "import { title } from './title';\nexport const Case = () => <p title={zone}>{title}</p>;\n",
    "ui/src/features/cases/Site.tsx": 'export const S = <Input placeholder="https://a.example" title="Careline" />;\n',
    "ui/src/features/cases/title.ts": "export const title = 'https://example.com/';\n",
    "ui/src/features/calls/Call.tsx": "export const Call = (n: number) => (n > 1 ? <b>{n}</b> : null);\n",
    "ui/src/features/calls/Keys.tsx": "export const Keys = () => <kbd className='key'>Ctrl ⏎</kbd>;\n",
    "ui/src/app/main.tsx": "import { Case } from '../features/cases/Case';\nexport const app = Case;\n",
}


def service(*lines: str) -> str:
    """A service whose only method is ``lines``."""
    body = "".join(f"        {line}\n" for line in lines)
    return (
        "import asyncio\nimport time\n\n\nclass Cases:\n    async def open(self, database, http, repository, t):\n"
        + body
    )


OPEN = "async with database.transaction(t) as tx:"
MARK = "TO" + "DO"
STUB = "NotImplemented" + "Error"
HOME = "/" + "home/somebody/careline"

AWAITS = [
    service(OPEN, "    await http.get('x')  # BREACH"),
    service(OPEN, "    await asyncio.sleep(1)  # BREACH"),
    service(OPEN, "    await asyncio.gather(repository.a(tx), repository.b(tx))  # BREACH"),
    service(OPEN, "    time.sleep(1)  # BREACH"),
    service(OPEN, "    async with database.transaction(t) as other:  # BREACH", "        pass"),
    service(OPEN, "    async for x in http.lines():  # BREACH", "        pass"),
    service(OPEN, "    [x async for x in http.lines()]  # BREACH"),
    service(OPEN, "    task = repository.a(tx)", "    await task  # BREACH"),
    service(OPEN, "    async with http.session() as s:  # BREACH", "        pass"),
    service("async with database.system_transaction() as tx:", "    await self.later.wait()  # BREACH"),
    service("async with database.transaction(t):  # BREACH", "    pass"),
    "async def close(tx, http):\n    await http.get('x')  # BREACH\n",
    "async def close(*, http, tx):\n    if tx:\n        await http.get('x')  # BREACH\n",
]

ROUTES = [
    "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/x')\nasync def x(): ...  # BREACH\n",
    "from fastapi import APIRouter\nrouter = APIRouter()\n@router.websocket('/x')\nasync def x(): ...  # BREACH\n",
    "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\ndef x(a: int = 1): ...  # BREACH\n",
    "class Api:\n    def add(self):\n        self.router.add_api_route('/x', self.x)  # BREACH\n",
    "from careline.infra.web import requires\nReader = requires('reader')  # BREACH\n",
    "from careline.infra.web import requires\nReader = requires()  # BREACH\n",
]

CLOCKS = [
    "import datetime\nx = datetime.datetime.now()  # BREACH\n",
    "from datetime import datetime as d\nx = d.utcnow()  # BREACH\n",
    "from datetime import date\nx = date.today()  # BREACH\n",
    "import time\nx = time.time()  # BREACH\n",
    "from time import monotonic\nx = monotonic()  # BREACH\n",
    "from time import time_ns\nx = dict(default=time_ns)  # BREACH\n",
]

HIDDEN = [
    "def f():\n    from careline.kernel import ids  # BREACH\n    return ids\n",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from careline.kernel import ids  # BREACH\n",
    "import typing\nif typing.TYPE_CHECKING:\n    import careline.kernel  # BREACH\n",
    "class A:\n    def f(self):\n        from . import ids  # BREACH\n        return ids\n",
    "import importlib\nx = importlib.import_module('careline.kernel.ids')  # BREACH\n",
]

LIBRARIES = [
    (f"{CASES}/service.py", "from fastapi import Request  # BREACH\n"),
    (f"{CASES}/rules.py", "import httpx  # BREACH\n"),
    (f"{CASES}/service.py", "from urllib.request import urlopen  # BREACH\n"),
    (f"{CASES}/service.py", "import os\nx = os.environ['CARELINE_DATA']  # BREACH\n"),
    (f"{CASES}/tasks.py", "from os import getenv  # BREACH\n"),
    ("src/careline/kernel/net.py", "import socket  # BREACH\n"),
]

RECORDS = [
    "import msgspec\nclass Case(msgspec.Struct, frozen=True):  # BREACH\n    a: int\n    b: int\n",
    "import msgspec\nclass Case(msgspec.Struct, frozen=False):  # BREACH\n    a: int\n",
    "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Case:  # BREACH\n    a: int\n",
]

PERSONAL = [
    "from careline.kernel.events import Event\n"
    f"class X(Event, frozen=True, kw_only=True):\n    {field}: str  # BREACH\n"
    for field in ("caller_number", "customer_phone", "text", "display_name", "email")
]

PACKAGES = [
    "",
    '"""Cases."""\n',
    '"""Owns cases from open to closed, and promises that none"""\n',
    PARAGRAPH + "from careline.kernel import ids  # BREACH\n",
    PARAGRAPH + "register = print  # BREACH\n",
]

NAMES = [
    ("src/careline/infra/utils.py", ""),
    ("src/careline/infra/net_helpers.py", ""),
    ("src/careline/infra/common/__init__.py", PARAGRAPH),
    ("src/careline/infra/bus_v2.py", ""),
    ("src/careline/infra/bus.py", "class QueueManager:  # BREACH\n    pass\n"),
    ("src/careline/infra/bus.py", "class BusV2:  # BREACH\n    pass\n"),
    ("src/careline/infra/bus.py", "def bus_helper():  # BREACH\n    pass\n"),
    ("ui/src/shared/utils.ts", ""),
    ("ui/src/shared/DateUtils.ts", ""),
]

SWALLOWED = [
    "try:\n    x = 1\nexcept Exception:  # BREACH\n    pass\n",
    "try:\n    x = 1\nexcept:  # BREACH\n    ...\n",
    "for x in ():\n    try:\n        x = 1\n    except (ValueError, BaseException):  # BREACH\n        continue\n",
    "import contextlib\nwith contextlib.suppress(Exception):  # BREACH\n    x = 1\n",
]

UNFINISHED = [
    ("src/careline/infra/bus.py", f"x = 1  # {MARK} later BREACH\n"),
    ("src/careline/infra/bus.py", f"def f():\n    raise {STUB}  # BREACH\n"),
    ("ui/src/shared/time.ts", f"// {MARK}: zones BREACH\n"),
]

MACHINES = [
    ("src/careline/infra/bus.py", f"x = '{HOME}'  # BREACH\n"),
    ("src/careline/infra/bus.py", "x = '/tmp" + "/careline.sock'  # BREACH\n"),
    ("src/careline/infra/bus.py", "x = '192.168" + ".1.20'  # BREACH\n"),
    ("docs/operations.md", "Open http://build.office" + ".lan/ BREACH\n"),
    ("tools/start.sh", f"cd {HOME} # BREACH\n"),
]

WORDS = [
    ("ui/src/features/cases/Case.tsx", "export const Case = () => <p>工单</p>; // BREACH\n"),
    ("ui/src/features/cases/Case.tsx", "export const Case = () => <p title='工单' />; // BREACH\n"),
    ("ui/src/features/cases/title.ts", "export const title = `共 ${1} 条`; // BREACH\n"),
    ("ui/src/features/cases/Case.tsx", "export const Case = () => <p>Case closed</p>; // BREACH\n"),
    ("ui/src/features/cases/Case.tsx", 'export const Case = () => <Input placeholder="Case number" />; // BREACH\n'),
    ("ui/src/features/cases/Case.tsx", 'export const Case = () => <button aria-label="Close" />; // BREACH\n'),
]

DIRECTIONS = [
    ("ui/src/features/cases/Case.tsx", "import { Call } from '../calls/Call'; // BREACH\n"),
    ("ui/src/features/cases/Case.tsx", "import { Call } from '@/features/calls/Call'; // BREACH\n"),
    ("ui/src/features/cases/Case.tsx", "import { app } from '@/app/main'; // BREACH\n"),
    ("ui/src/shared/time.ts", "import { Case } from '../features/cases/Case'; // BREACH\n"),
    ("ui/src/design/Clock.tsx", "const C = import('../app/main'); // BREACH\n"),
]

BARRELS = ["export * from './title'; // BREACH\n", "export { title } from './title'; // BREACH\n"]

LONG_FUNCTION = "def f():  # BREACH\n" + "    x = 1\n" * 50

# (rule, path, text)
BREACHES: list[tuple[str, str, str]] = [
    *SQL_BREACHES,
    *(("write-transaction", f"{CASES}/service.py", text) for text in AWAITS),
    *(("endpoint-permission", f"{CASES}/endpoints.py", text) for text in ROUTES),
    *(("one-clock", f"{CASES}/service.py", text) for text in CLOCKS),
    ("one-clock", f"{CASES}/models.py", "from sqlalchemy import func\nx = func.now()  # BREACH\n"),
    *(("hidden-import", f"{CASES}/service.py", text) for text in HIDDEN),
    *(("library-place", path, text) for path, text in LIBRARIES),
    *(("frozen-records", f"{CASES}/views.py", text) for text in RECORDS),
    *(("personal-in-event", f"{CASES}/events.py", text) for text in PERSONAL),
    *(("package-paragraph", f"{CASES}/__init__.py", text) for text in PACKAGES),
    ("module-tests", f"{M}/hall/tickets/service.py", ""),
    ("file-size", "src/careline/infra/bus.py", "x = 1\n" * 401),
    ("file-size", "tests/modules/cases/test_long.py", "x = 1\n" * 401),
    ("file-size", "ui/src/features/cases/Case.tsx", "export const x = 1;\n" * 251),
    ("file-size", "ui/src/features/cases/long.ts", "export const x = 1;\n" * 401),
    ("function-size", "src/careline/infra/bus.py", LONG_FUNCTION),
    *(("banned-name", path, text) for path, text in NAMES),
    ("print", "src/careline/infra/bus.py", "def f(x):\n    print(x)  # BREACH\n"),
    *(("swallowed-error", "src/careline/infra/bus.py", text) for text in SWALLOWED),
    *(("unfinished", path, text) for path, text in UNFINISHED),
    *(("machine-path", path, text) for path, text in MACHINES),
    *(("ui-text", path, text) for path, text in WORDS),
    *(("feature-direction", path, text) for path, text in DIRECTIONS),
    *(("barrel-file", "ui/src/features/cases/index.ts", text) for text in BARRELS),
]

"""What the rules on SQL are tried on: models, repositories that keep to their tenant, and some that do not."""

CASES = "src/careline/modules/care/cases"

MODELS = """
from sqlalchemy import Column, ForeignKey, MetaData, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class TenantOwned:
    tenant_id: Mapped[int] = mapped_column()


class CaseRow(TenantOwned, Base):
    __tablename__ = "cases_case"
    id: Mapped[int] = mapped_column(primary_key=True)


class NoteRow(Base):
    __tablename__ = "cases_note"
    tenant_id: Mapped[int] = mapped_column()
    case_id: Mapped[int] = mapped_column(ForeignKey("cases_case.id"))


class KindRow(Base):
    __tablename__ = "cases_kind"
    code: Mapped[str] = mapped_column(primary_key=True)


stamps = Table("cases_stamp", MetaData(), Column("tenant_id"), Column("id"))
"""

HEAD = """
from sqlalchemy import and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from careline.modules.care.cases.models import CaseRow, KindRow, NoteRow, stamps
"""

# Each of these keeps to its tenant.
GOOD = """
COLUMNS = (CaseRow.id, CaseRow.tenant_id)


def mine(tx):
    return CaseRow.tenant_id == tx.tenant_id


async def all_ways(tx, case_id, rows):
    await tx.execute(select(CaseRow).where(CaseRow.tenant_id == tx.tenant_id, CaseRow.id == case_id))
    await tx.execute(select(CaseRow.__table__).where(tx.tenant_id == CaseRow.tenant_id))
    await tx.execute(select(*COLUMNS).where(and_(CaseRow.id == 1, CaseRow.tenant_id == tx.tenant_id)))
    await tx.execute(select(CaseRow).where((CaseRow.id == 1) & (CaseRow.tenant_id == tx.tenant_id)))
    await tx.execute(select(CaseRow).where(mine(tx)).limit(1))
    await tx.execute(select(CaseRow).filter_by(tenant_id=tx.tenant_id))
    await tx.execute(select(KindRow).where(KindRow.code == "fault"))
    await tx.execute(select(func.count()).select_from(CaseRow).where(CaseRow.tenant_id == tx.tenant_id))
    await tx.execute(update(CaseRow).where(CaseRow.tenant_id == tx.tenant_id).values(id=1))
    await tx.execute(delete(NoteRow).where(NoteRow.tenant_id == tx.tenant_id))
    await tx.execute(stamps.select().where(stamps.c.tenant_id == tx.tenant_id))
    await tx.execute(insert(CaseRow).values(rows))
    conditions = [CaseRow.tenant_id == tx.tenant_id, CaseRow.id == case_id]
    statement = select(CaseRow)
    statement = statement.where(*conditions)
    if case_id:
        statement = statement.where(or_(CaseRow.id == case_id, CaseRow.id == 0))
    await tx.execute(statement)


async def joined(tx, rows):
    other = aliased(CaseRow)
    await tx.execute(
        select(CaseRow, NoteRow)
        .join(NoteRow, and_(NoteRow.case_id == CaseRow.id, NoteRow.tenant_id == CaseRow.tenant_id))
        .where(CaseRow.tenant_id == tx.tenant_id)
    )
    await tx.execute(
        select(CaseRow.id, other.id).where(CaseRow.tenant_id == other.tenant_id, other.tenant_id == tx.tenant_id)
    )
    await tx.execute(
        select(CaseRow).where(
            CaseRow.tenant_id == tx.tenant_id,
            exists().where(NoteRow.case_id == CaseRow.id, NoteRow.tenant_id == CaseRow.tenant_id),
        )
    )
    await tx.execute(
        sqlite_insert(CaseRow).values(rows).on_conflict_do_update(index_elements=["tenant_id", "id"], set_={})
    )
"""

SQL_CLEAN = {
    f"{CASES}/models.py": MODELS,
    f"{CASES}/repository.py": HEAD + GOOD,
    "src/careline/infra/database.py": "from sqlalchemy import text\n\nONE = text('SELECT 1')\n",
}


def repository(*lines: str) -> str:
    """A repository whose only function is ``lines``."""
    return HEAD + "\n\nasync def find(tx, case_id, model, rows):\n" + "".join(f"    {line}\n" for line in lines)


UNFILTERED = [
    ("await tx.execute(select(CaseRow))  # BREACH",),
    ("await tx.execute(select(CaseRow).where(CaseRow.id == case_id))  # BREACH",),
    ("await tx.execute(select(CaseRow.__table__).where(CaseRow.id == case_id))  # BREACH",),
    ("await tx.execute(select(func.count(CaseRow.id)))  # BREACH",),
    ("await tx.execute(select(func.count()).select_from(CaseRow))  # BREACH",),
    ("await tx.execute(update(CaseRow).where(CaseRow.id == case_id).values(id=2))  # BREACH",),
    ("await tx.execute(delete(CaseRow).where(CaseRow.id == case_id))  # BREACH",),
    ("await tx.execute(select(exists().where(CaseRow.id == case_id)))  # BREACH",),
    ("await tx.execute(stamps.delete().where(stamps.c.id == case_id))  # BREACH",),
    ("await tx.execute(CaseRow.__table__.select())  # BREACH",),
    ("await tx.execute(select(CaseRow).where(CaseRow.tenant_id != tx.tenant_id))  # BREACH",),
    ("await tx.execute(select(CaseRow).where(CaseRow.tenant_id == CaseRow.tenant_id))  # BREACH",),
    ("mine = CaseRow.tenant_id == tx.tenant_id", "await tx.execute(select(CaseRow).where(or_(mine, True)))  # BREACH"),
    (
        "await tx.execute(  #",
        "    select(CaseRow)  # BREACH",
        "    .join(NoteRow, NoteRow.case_id == CaseRow.id)",
        "    .where(CaseRow.tenant_id == tx.tenant_id))",
    ),
    ("await tx.execute(select(CaseRow, NoteRow).where(NoteRow.tenant_id == CaseRow.tenant_id))  # BREACH",),
    (
        "other = aliased(CaseRow)",
        "await tx.execute(select(other).where(CaseRow.tenant_id == tx.tenant_id))  # BREACH",
    ),
    (
        "inner = select(NoteRow.case_id).scalar_subquery()  # BREACH",
        "await tx.execute(select(CaseRow).where(CaseRow.tenant_id == tx.tenant_id, CaseRow.id.in_(inner)))",
    ),
    (
        "statement = select(CaseRow)  # BREACH",
        "if case_id:",
        "    statement = statement.where(CaseRow.tenant_id == tx.tenant_id)",
        "await tx.execute(statement)",
    ),
    ("await tx.execute(select(model).where(model.id == case_id))  # BREACH",),
    ("await tx.get(CaseRow, case_id)  # BREACH",),
    (
        "await tx.execute(  #",
        "    sqlite_insert(CaseRow)  # BREACH",
        "    .values(rows).on_conflict_do_update(index_elements=['id'], set_={}))",
    ),
]

SQL_BREACHES = [
    *(("tenant-filter", f"{CASES}/repository.py", repository(*lines)) for lines in UNFILTERED),
    ("database-access", f"{CASES}/rules.py", "from sqlalchemy import select  # BREACH\n"),
    ("database-access", f"{CASES}/rules.py", "import sqlalchemy.orm  # BREACH\n"),
    ("database-access", "src/careline/adapters/bss.py", "import sqlite3  # BREACH\n"),
    ("database-access", f"{CASES}/tasks.py", "async def f(tx):\n    await tx.execute('x')  # BREACH\n"),
    ("database-access", f"{CASES}/tasks.py", "def f(self):\n    return self._session.scalars('x')  # BREACH\n"),
    ("raw-sql", f"{CASES}/repository.py", "from sqlalchemy import text\nx = text('SELECT 1')  # BREACH\n"),
    ("raw-sql", f"{CASES}/repository.py", "import sqlalchemy as sa\nx = sa.text('SELECT 1')  # BREACH\n"),
    ("raw-sql", f"{CASES}/repository.py", "async def f(c):\n    await c.exec_driver_sql('SELECT 1')  # BREACH\n"),
    ("own-tables", f"{CASES}/models.py", MODELS + 'other = ForeignKey("tickets_ticket.id")  # BREACH\n'),
    (
        "own-tables",
        f"{CASES}/models.py",
        "from sqlalchemy.orm import relationship\nx = relationship('CaseRow')  # BREACH\n",
    ),
]

"""The job table."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from careline.infra.database.types import Base, Identified, TenantOwned


class JobRow(Identified, TenantOwned, Base):
    """One job. It is deleted when it is done, so what stands here is to be done, being done, or given up (dead).

    ``due_at`` is when somebody may take it: the wanted time, the end of the lease of who took it (``claim``), or the
    time of the next try. ``serial`` counts wishes for the same key, so that a wish that comes while the job runs is
    not lost when it ends. The system's own jobs stand under the nil tenant.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("uq_job_tenant_kind_key", "tenant_id", "kind", "key", unique=True),
        Index("ix_job_due", "due_at", sqlite_where=text("dead_at IS NULL"), postgresql_where=text("dead_at IS NULL")),
    )

    kind: Mapped[str] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(Text)
    run_at: Mapped[datetime] = mapped_column()
    due_at: Mapped[datetime] = mapped_column()
    serial: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[UUID | None] = mapped_column()
    dead_at: Mapped[datetime | None] = mapped_column()
    last_error: Mapped[str | None] = mapped_column(Text)

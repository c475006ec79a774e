"""Left messages are put off and sleep while they may not be offered; after-contact work has a clock that may stand."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

from careline.infra.database.types import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ITEM: tuple[tuple[str, TypeEngine[Any]], ...] = (
    ("asleep_since", UtcDateTime()),
    ("slept_us", sa.BigInteger()),
    ("awake_s", sa.Double()),
    ("not_before", UtcDateTime()),
    ("wrap_up_left_us", sa.BigInteger()),
)
LETTER: tuple[tuple[str, TypeEngine[Any]], ...] = (
    ("put_off_until", UtcDateTime()),
    ("put_off_by", sa.Uuid()),
    ("put_off_because", sa.Text()),
    ("put_off_times", sa.Integer()),
)


def upgrade() -> None:
    for name, kind in ITEM:
        op.add_column("work_item", sa.Column(name, kind, nullable=True))
    for name, kind in LETTER:
        op.add_column("left_message", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name, _ in reversed(LETTER):
        op.drop_column("left_message", name)
    for name, _ in reversed(ITEM):
        op.drop_column("work_item", name)

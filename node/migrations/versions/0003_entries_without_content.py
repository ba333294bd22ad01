"""An entry of the journal may have lost its content."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS = (("seq", sa.Integer()), ("digest", sa.String()), ("record", sa.LargeBinary()), ("salt", sa.LargeBinary()))


def upgrade() -> None:
    _make_nullable(nullable=True)


def downgrade() -> None:
    _make_nullable(nullable=False)


def _make_nullable(*, nullable: bool) -> None:
    with op.batch_alter_table("journal_entry") as table:
        for name, kind in _COLUMNS:
            table.alter_column(name, existing_type=kind, nullable=nullable)

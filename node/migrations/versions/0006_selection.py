"""How the experts on the own seats were selected, and the reason for seating one whose file lacks something."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("committee_seat", sa.Column("selection", sa.String(), nullable=False, server_default=""))
    op.add_column("committee_seat", sa.Column("reason", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("committee_seat", "reason")
    op.drop_column("committee_seat", "selection")

"""The digest of the data that a sealed report is set from, by which its paper is found."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("explorer_evaluation", sa.Column("data_digest", sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_explorer_evaluation_data_digest"), "explorer_evaluation", ["data_digest"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_explorer_evaluation_data_digest"), table_name="explorer_evaluation")
    op.drop_column("explorer_evaluation", "data_digest")

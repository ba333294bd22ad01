"""Cosignature lines, given and received, and the evidence of forks."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("gateway_witness", sa.Column("line", sa.String(), nullable=False, server_default=""))
    op.add_column("gateway_witness", sa.Column("delivered", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "gateway_cosignature",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("witness", sa.String(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("size", "witness"),
    )
    op.create_table(
        "gateway_fork",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.Column("known", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "size", "root"),
    )


def downgrade() -> None:
    op.drop_table("gateway_fork")
    op.drop_table("gateway_cosignature")
    op.drop_column("gateway_witness", "delivered")
    op.drop_column("gateway_witness", "line")

"""The tables of the welcome feature."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "welcome_newcomers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("came_back", sa.Boolean(), nullable=False),
        sa.Column("in_channel", sa.Boolean(), nullable=False),
        sa.Column("post_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_welcome_newcomers")),
        sa.UniqueConstraint(
            "platform", "group_id", "account_id", name=op.f("uq_welcome_newcomers_platform_group_id_account_id")
        ),
    )
    op.create_index(op.f("ix_welcome_newcomers_post_key"), "welcome_newcomers", ["post_key"])
    op.create_table(
        "welcome_greeted",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "group_id", name=op.f("pk_welcome_greeted")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("welcome_greeted")
    op.drop_table("welcome_newcomers")

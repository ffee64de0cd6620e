"""The tables of what is said unasked: decisions, reservations, holds and lulls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "posts_decisions",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fate", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("promo", sa.Boolean(), nullable=False),
        sa.Column("cheerful", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_posts_decisions")),
    )
    op.create_index(op.f("ix_posts_decisions_community"), "posts_decisions", ["community"])
    op.create_index(op.f("ix_posts_decisions_decided_at"), "posts_decisions", ["decided_at"])
    op.create_index(
        op.f("ix_posts_decisions_platform_group_id_channel_id"),
        "posts_decisions",
        ["platform", "group_id", "channel_id"],
    )

    op.create_table(
        "posts_holds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts_holds")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_posts_holds_community"), "posts_holds", ["community"])

    op.create_table(
        "posts_lulls",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "group_id", "channel_id", name=op.f("pk_posts_lulls")),
    )
    op.create_table(
        "posts_reservations",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_posts_reservations")),
    )
    op.create_index(
        op.f("ix_posts_reservations_platform_group_id_channel_id"),
        "posts_reservations",
        ["platform", "group_id", "channel_id"],
    )


def downgrade() -> None:

    op.drop_table("posts_reservations")
    op.drop_table("posts_lulls")

    op.drop_table("posts_holds")

    op.drop_table("posts_decisions")

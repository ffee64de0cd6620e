"""People's activity, and the tables of the quiet feature."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("reply_to", sa.String(), nullable=False),
        sa.Column("reply_to_account", sa.String(), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint(
            "platform",
            "group_id",
            "channel_id",
            "at",
            "message_id",
            name=op.f("uq_activity_platform_group_id_channel_id_at_message_id"),
        ),
    )
    op.create_table(
        "quiet_channels",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("rhythm", sa.LargeBinary(), nullable=False),
        sa.Column("heard_until", sa.BigInteger(), nullable=True),
        sa.Column("lull_at", sa.BigInteger(), nullable=True),
        sa.Column("lull_of", sa.BigInteger(), nullable=True),
        sa.Column("ignored", sa.Integer(), nullable=False),
        sa.Column("rests_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("platform", "group_id", "channel_id", name=op.f("pk_quiet_channels")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quiet_courses",
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("community", name=op.f("pk_quiet_courses")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quiet_evidence",
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("arm", sa.String(), nullable=False),
        sa.Column("revived", sa.Float(), nullable=False),
        sa.Column("ignored", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("community", "kind", "arm", name=op.f("pk_quiet_evidence")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quiet_ideas",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet_ideas")),
        sa.UniqueConstraint("community", "number", name=op.f("uq_quiet_ideas_community_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "quiet_prompts",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("arm", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("silence", sa.BigInteger(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet_prompts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_quiet_prompts_community_at"), "quiet_prompts", ["community", "at"])
    op.create_index(op.f("ix_outbox_platform_group_id_channel_id"), "outbox", ["platform", "group_id", "channel_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_platform_group_id_channel_id"), "outbox")
    op.drop_table("quiet_prompts")
    op.drop_table("quiet_ideas")
    op.drop_table("quiet_evidence")
    op.drop_table("quiet_courses")
    op.drop_table("quiet_channels")
    op.drop_table("activity")

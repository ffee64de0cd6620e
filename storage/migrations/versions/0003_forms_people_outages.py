"""Forms are known by their post's key, accounts can be one person's, and silences of a platform are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _upgrade_forms()
    op.create_table(
        "links",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "account_id", name=op.f("pk_links")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_links_person"), "links", ["person"])
    op.create_table(
        "heard",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", name=op.f("pk_heard")),
    )
    op.create_table(
        "outages",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "start", name=op.f("pk_outages")),
    )
    op.create_index(op.f("ix_outages_end"), "outages", ["end"])


def downgrade() -> None:
    op.drop_table("outages")
    op.drop_table("heard")
    op.drop_table("links")
    _downgrade_forms()


def _upgrade_forms() -> None:
    op.execute("CREATE TABLE forms_before AS SELECT * FROM forms")
    op.drop_table("forms")
    op.create_table(
        "forms",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("post_key", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("given", sa.String(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("post_key", name=op.f("pk_forms")),
    )
    op.create_index(op.f("ix_forms_expires_at"), "forms", ["expires_at"])
    op.create_index(op.f("ix_forms_platform_group_id_message_id"), "forms", ["platform", "group_id", "message_id"])
    op.execute(
        "INSERT INTO forms (platform, group_id, channel_id, thread, post_key, message_id, command, account_id, given,"
        " expires_at) SELECT platform, group_id, channel_id, thread,"
        " 'form:' || platform || '/' || group_id || '/' || channel_id || '/' || message_id,"
        " message_id, command, account_id, '{}', expires_at FROM forms_before"
    )
    op.drop_table("forms_before")


def _downgrade_forms() -> None:
    op.execute("CREATE TABLE forms_after AS SELECT * FROM forms")
    op.drop_table("forms")
    op.create_table(
        "forms",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "group_id", "channel_id", "message_id", name=op.f("pk_forms")),
    )
    op.create_index(op.f("ix_forms_expires_at"), "forms", ["expires_at"])
    op.execute(
        "INSERT INTO forms (platform, group_id, channel_id, message_id, thread, command, account_id, expires_at)"
        " SELECT platform, group_id, channel_id, message_id, thread, command, account_id, max(expires_at)"
        " FROM forms_after WHERE message_id <> ''"
        " GROUP BY platform, group_id, channel_id, message_id"
    )
    op.drop_table("forms_after")

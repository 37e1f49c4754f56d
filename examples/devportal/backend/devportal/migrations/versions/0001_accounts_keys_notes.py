"""Accounts, their keys, and the notes the API keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        _id(),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
        _created_at(),
    )
    op.create_table(
        "api_keys",
        _id(),
        _account_id(),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("start", sa.String(12), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("quota_per_day", sa.Integer, nullable=False),
        _created_at(),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
    )
    op.create_table("notes", _id(), _account_id(), sa.Column("text", sa.Text, nullable=False), _created_at())


def downgrade() -> None:
    for table in ("notes", "api_keys", "accounts"):
        op.drop_table(table)


def _id() -> sa.Column:
    return sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.func.uuid_generate_v4())


def _account_id() -> sa.Column:
    owner = sa.ForeignKey("accounts.id", ondelete="CASCADE")
    return sa.Column("account_id", sa.Uuid, owner, nullable=False, index=True)


def _created_at() -> sa.Column:
    now = sa.func.now()
    return sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=now)

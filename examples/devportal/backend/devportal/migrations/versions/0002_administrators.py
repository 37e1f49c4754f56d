"""Administrators, first passwords and blocked accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # With defaults of the server, as the previous release goes on inserting during the deployment.
    op.add_column("accounts", sa.Column("is_admin", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("accounts", sa.Column("first_password", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("accounts", sa.Column("blocked_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    for column in ("blocked_at", "first_password", "is_admin"):
        op.drop_column("accounts", column)

"""Runs the migrations, two at a time never: who comes second waits, and finds them done."""

from alembic import context
from sqlalchemy import text

from devportal.models import Base
from devportal.settings import read_settings
from devportal.stores import open_database

LOCK = 7_311_004

engine = open_database(read_settings())
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        context.run_migrations()

"""The deployment signs in with a login that may only become the owning role."""

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.db import connection

from tests.processes import manage, production

OWNER, LOGIN, DATABASE = "roles_app", "roles_app_1a2b3c4d", "roles_trial"
PASSWORD = "Vq83hsQx-only-for-trials"

MAKE = (
    f"CREATE ROLE {OWNER} NOLOGIN",
    f"CREATE ROLE {LOGIN} LOGIN PASSWORD '{PASSWORD}' IN ROLE {OWNER}",
    f"ALTER ROLE {LOGIN} SET role = '{OWNER}'",
    f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
)
REMOVE = (
    f"DROP DATABASE IF EXISTS {DATABASE}",
    f"DROP ROLE IF EXISTS {LOGIN}",
    f"DROP ROLE IF EXISTS {OWNER}",
)


@pytest.fixture
def url(db):
    admin = psycopg2.connect(**connection.get_connection_params())
    admin.autocommit = True
    for statement in REMOVE + MAKE:
        admin.cursor().execute(statement)
    server = urlsplit(os.environ["DATABASE_URL"])
    place = server.netloc.rpartition("@")[2]
    yield urlunsplit(server._replace(netloc=f"{LOGIN}:{PASSWORD}@{place}", path=f"/{DATABASE}"))
    for statement in REMOVE:
        admin.cursor().execute(statement)
    admin.close()


def test_all_that_a_release_makes_belongs_to_the_owning_role(url, tmp_path):
    result = manage(["prepare_release"], production(tmp_path) | {"DATABASE_URL": url})
    assert result.returncode == 0, result.stderr
    with psycopg2.connect(url) as session, session.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        assert cursor.fetchone() == (LOGIN, OWNER)
        cursor.execute(
            "SELECT DISTINCT relowner::regrole::text FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace"
        )
        assert cursor.fetchall() == [(OWNER,)]
        cursor.execute("SELECT extname FROM pg_extension WHERE extname = 'pg_trgm'")
        assert cursor.fetchall() == [("pg_trgm",)]
    session.close()

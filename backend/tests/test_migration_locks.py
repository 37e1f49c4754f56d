"""A migration that meets a table in use gives up soon, so that the site goes on."""

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reader():
    """Someone who has mails open in a transaction, as a long report or a forgotten shell has."""
    other = psycopg2.connect(**connection.get_connection_params())
    other.cursor().execute("SELECT count(*) FROM mails_mail")
    yield other
    other.close()


def test_a_migration_does_not_wait_long_for_a_table_in_use(reader, settings, monkeypatch):
    def migrate(name, **options):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '20s'")  # so that this test cannot hang
            cursor.execute("ALTER TABLE mails_mail ADD COLUMN trial int")

    settings.MIGRATION_LOCK_TIMEOUT_SECONDS = 1
    monkeypatch.setattr("operations.management.commands.prepare_release.call_command", migrate)
    with pytest.raises(CommandError, match="in use for more than 1 s"):
        call_command("prepare_release")
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout")
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)

"""A database that is away for a moment is waited for; one that refuses is not."""

import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.postgresql import base as postgresql

from config.patient_postgresql import base as patient

AWAY = 'connection to server at "postgres" (172.18.0.2), port 5432 failed: Connection refused'
NO_NAME = 'could not translate host name "postgres" to address: Try again'
REFUSED = 'FATAL:  password authentication failed for user "mailtracker_app_1a2b3c"'


@pytest.fixture
def failing(monkeypatch):
    """Lets the next connections fail with these words, one after the other."""

    def fail(*messages):
        left = list(messages)
        connect = postgresql.DatabaseWrapper.get_new_connection

        def attempt(self, conn_params):
            if left:
                raise self.Database.OperationalError(left.pop(0))
            return connect(self, conn_params)

        monkeypatch.setattr(postgresql.DatabaseWrapper, "get_new_connection", attempt)
        return left

    return fail


@pytest.mark.django_db(transaction=True)
def test_it_is_in_use_and_waits_for_a_database_that_comes_back(failing):
    assert isinstance(connections["default"], patient.DatabaseWrapper)
    connection.close()
    left = failing(NO_NAME, AWAY, "FATAL:  the database system is starting up")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    assert left == []


@pytest.mark.django_db(transaction=True)
def test_it_does_not_wait_for_a_database_that_refuses(failing):
    connection.close()
    left = failing(REFUSED, REFUSED)
    with pytest.raises(OperationalError, match="password authentication failed"):
        connection.ensure_connection()
    assert len(left) == 1


@pytest.mark.django_db(transaction=True)
def test_it_does_not_wait_for_ever(failing, monkeypatch):
    monkeypatch.setattr(patient, "PATIENCE_SECONDS", 0.3)
    connection.close()
    left = failing(*[AWAY] * 100)
    with pytest.raises(OperationalError, match="Connection refused"):
        connection.ensure_connection()
    assert 90 < len(left) < 99

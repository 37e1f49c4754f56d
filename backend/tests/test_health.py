import pytest
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.utils import OperationalError


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["testserver", "127.0.0.1:8000", "not.allowed.example", ""])
def test_it_is_healthy_whatever_the_host_is_called(client, host):
    answer = client.get("/api/health/", HTTP_HOST=host)
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "release": "tested"}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_only_the_health_check_is_answered_under_any_host(client):
    assert client.get("/api/mails/", HTTP_HOST="not.allowed.example").status_code == 400


@pytest.mark.django_db
def test_it_is_not_redirected_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/api/mails/").status_code == 301
    assert client.get("/api/health/").status_code == 200


@pytest.mark.django_db
def test_the_database_is_really_asked(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/api/health/")


def test_it_is_unhealthy_without_its_database(client, monkeypatch, django_db_blocker):
    def refuse(self):
        raise OperationalError("connection refused")

    monkeypatch.setattr(DatabaseWrapper, "ensure_connection", refuse)
    with django_db_blocker.unblock():
        connection.close()
        answer = client.get("/api/health/")
    assert answer.status_code == 503
    assert answer.json() == {"status": "database unavailable", "release": "tested"}


@pytest.mark.django_db
def test_the_api_says_so_when_the_database_is_away(api, monkeypatch):
    def refuse(self, *args):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("mails.views.MailViewSet.get_queryset", refuse)
    answer = api.get("/api/mails/")
    assert answer.status_code == 503
    assert "database" in answer.json()["detail"]


def test_it_is_only_read(client):
    assert client.post("/api/health/").status_code == 405

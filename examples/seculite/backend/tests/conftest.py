import pytest
from rest_framework.test import APIClient

from scans import tasks

PASSWORD = "correct horse battery staple"


@pytest.fixture
def user(django_user_model, db):
    return django_user_model.objects.create_user("maria", password=PASSWORD)


@pytest.fixture
def api(user):
    client = APIClient()
    assert client.login(username="maria", password=PASSWORD)
    return client


@pytest.fixture
def sent(monkeypatch):
    """The ids given to Redis, which takes them."""
    ids = []
    monkeypatch.setattr(tasks.run_scan, "delay", ids.append)
    return ids

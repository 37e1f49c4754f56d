from pathlib import Path

import pytest
from django.conf import settings
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


def files():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*.json") if path.is_file()]


@pytest.fixture(autouse=True)
def clean_media():
    yield
    for path in files():
        path.unlink()

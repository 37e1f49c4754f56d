"""A portal with a real database and a real Redis, which toolchain/test-applications.sh provides."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from sqlalchemy import text

from devportal.app import create_app
from devportal.settings import Settings, read_settings
from devportal.stores import open_database, open_redis

PASSWORD = "correct horse battery"
KEY = "only-for-tests-only-for-tests-1234"


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    return {
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "SECRET_KEY": KEY,
        "JWT_SECRET_KEY": KEY[::-1],
        "ALLOWED_HOSTS": "testserver",
        "ALLOWED_ORIGINS": "http://localhost:3000",
        "QUOTA_PER_DAY": "5",
    }


@pytest.fixture(scope="session")
def migrated(environment: dict[str, str]) -> Settings:
    settings = read_settings(environment)
    with open_database(settings).begin() as connection:
        for extension in ("uuid-ossp", "pgcrypto"):
            connection.execute(text(f'CREATE EXTENSION IF NOT EXISTS "{extension}"'))
    os.environ.update(environment)
    command.upgrade(Config(Path(__file__).parent.parent / "alembic.ini"), "head")
    return settings


@pytest.fixture
def settings(migrated: Settings) -> Settings:
    with open_database(migrated).begin() as connection:
        connection.execute(text("TRUNCATE accounts CASCADE"))
    open_redis(migrated).flushdb()
    return migrated


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield client


@pytest.fixture
def token(client: TestClient) -> str:
    client.post("/api/accounts", json={"email": "ada@example.org", "password": PASSWORD})
    form = {"username": "ada@example.org", "password": PASSWORD}
    return client.post("/api/token", data=form).json()["access_token"]


@pytest.fixture
def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def key(client: TestClient, bearer: dict[str, str]) -> dict[str, str]:
    return client.post("/api/keys", json={"name": "Build server"}, headers=bearer).json()

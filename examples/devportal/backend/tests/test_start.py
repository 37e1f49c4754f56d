"""What a container does at its start."""

import os
import subprocess
import sys

from sqlalchemy import text

from devportal.seed import EMAIL, seed
from devportal.stores import open_database


def start(command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(
        [sys.executable, "-m", "devportal", command], env=variables, capture_output=True, text=True, timeout=60
    )


def test_it_names_all_that_is_missing_and_ends():
    started = start("serve", {"SECRET_KEY": "x" * 40})
    assert started.returncode == 1
    for name in ("JWT_SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        assert f"{name}: missing" in started.stderr


def test_it_waits_for_the_database_no_longer_than_told(environment):
    away = {"DATABASE_URL": "postgresql://nobody@nowhere:5432/none", "WAIT_TIMEOUT": "2"}
    started = start("serve", environment | away)
    assert started.returncode == 1
    assert "PostgreSQL did not answer within 2 s (OperationalError)" in started.stderr


def test_it_waits_for_redis_no_longer_than_told(migrated, environment):
    started = start("serve", environment | {"REDIS_URL": "redis://nowhere:6379/0", "WAIT_TIMEOUT": "2"})
    assert "Redis did not answer within 2 s" in started.stderr


def test_migrating_again_changes_nothing(migrated, environment):
    assert start("migrate", environment).returncode == 0


def test_migrating_makes_the_administrator_from_a_file(settings, environment, tmp_path):
    path = tmp_path / "admin-password"
    path.write_text("the first password")
    given = {"ADMIN_EMAIL": "Admin@example.org", "ADMIN_PASSWORD_FILE": str(path)}
    assert start("migrate", environment | given).returncode == 0
    with open_database(settings).connect() as connection:
        found = connection.execute(text("SELECT email, is_admin, first_password FROM accounts")).all()
    assert found == [("admin@example.org", True, True)]


def test_seed_data_is_made_once(settings):
    seeded = settings.model_copy(update={"seed_password": "development only"})
    seed(seeded)
    seed(seeded)
    with open_database(settings).connect() as connection:
        counts = [connection.scalar(text(f"SELECT count(*) FROM {t}")) for t in ("accounts", "api_keys", "notes")]
        assert counts == [1, 2, 2]
        assert connection.scalar(text("SELECT email FROM accounts")) == EMAIL

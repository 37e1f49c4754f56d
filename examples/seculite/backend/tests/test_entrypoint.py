import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

BACKEND = Path(__file__).resolve().parent.parent
NOWHERE = {
    "PATH": os.environ["PATH"],
    "ALLOWED_HOSTS": "testserver",
    "DB_HOST": "127.0.0.1",
    "DB_PORT": "9",  # nothing listens there
    "DB_NAME": "seculite",
    "DB_USER": "seculite",
    "DB_PASSWORD": "only-for-tests",
    "REDIS_HOST": "127.0.0.1",
    "REDIS_USER": "nobody",
    "REDIS_PASSWORD": "only-for-tests",
    "SECRET_KEY": "for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
}


def entrypoint(*arguments, **env):
    return subprocess.run(
        ["/bin/sh", "entrypoint.sh", *arguments],
        env=env,
        cwd=BACKEND,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_any_other_command_runs_as_given():
    result = entrypoint("printf", "%s|", "two words", "$HOME", **NOWHERE)
    assert (result.returncode, result.stdout) == (0, "two words|$HOME|")


@pytest.mark.parametrize(
    ("word", "flag"),
    [("celery_worker", "WAIT_FOR_DB_CELERY"), ("celery_beat", "WAIT_FOR_DB_CELERY_BEAT")],
)
def test_the_words_after_the_first_are_run_and_waiting_can_be_turned_off(word, flag, tmp_path):
    env = NOWHERE | {flag: "false", "BEAT_PIDFILE": str(tmp_path / "pid")}
    result = entrypoint(word, "printf", "%s", "celery", **env)
    assert (result.returncode, result.stdout) == (0, "celery")


@pytest.mark.parametrize("word", ["gunicorn", "celery_worker", "celery_beat"])
def test_it_waits_for_the_database_but_not_for_ever(word):
    started = time.monotonic()
    result = entrypoint(word, "--version", **NOWHERE, WAIT_TIMEOUT="1")
    assert result.returncode == 1
    assert "took no connection within 1 s" in result.stderr
    assert time.monotonic() - started < 30


def test_beats_stale_pid_file_is_taken_away(tmp_path):
    pidfile = tmp_path / "celerybeat.pid"
    pidfile.write_text("1")
    env = NOWHERE | {"WAIT_FOR_DB_CELERY_BEAT": "false", "BEAT_PIDFILE": str(pidfile)}
    assert entrypoint("celery_beat", "true", **env).returncode == 0
    assert not pidfile.exists()


@pytest.fixture
def alone(tmp_path):
    """The settings of the image run alone, on an empty database, and a look at its tables."""
    given = {name: os.environ[name] for name in ("DB_HOST", "DB_USER", "DB_PASSWORD")}
    static = tmp_path / "static"
    static.mkdir()
    env = (
        NOWHERE
        | given
        | {
            "DB_PORT": os.environ.get("DB_PORT", "5432"),
            "DB_NAME": "run_alone",
            "STATIC_ROOT": str(static),
            "MEDIA_ROOT": str(tmp_path),
        }
    )
    query(os.environ["DB_NAME"], "DROP DATABASE IF EXISTS run_alone WITH (FORCE)")
    query(os.environ["DB_NAME"], "CREATE DATABASE run_alone")
    yield env
    query(os.environ["DB_NAME"], "DROP DATABASE run_alone WITH (FORCE)")


def query(database, statement):
    session = psycopg2.connect(
        host=os.environ["DB_HOST"],
        port=os.environ.get("DB_PORT", "5432"),
        user=os.environ["DB_USER"],
        password=os.environ["DB_PASSWORD"],
        dbname=database,
    )
    session.autocommit = True
    try:
        with session.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        session.close()


TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def test_run_alone_it_migrates_and_collects_static_files_before_gunicorn(alone):
    result = entrypoint("gunicorn", "--version", **alone)
    assert result.returncode == 0, result.stderr
    assert result.stdout.rstrip().splitlines()[-1].startswith("gunicorn (version")
    applied = query("run_alone", "SELECT app FROM django_migrations")
    assert {("scans",), ("django_celery_beat",)} <= set(applied)
    assert (Path(alone["STATIC_ROOT"]) / "staticfiles.json").is_file()


def test_the_switch_leaves_that_out(alone):
    result = entrypoint("gunicorn", "--version", **alone, MIGRATE="false")
    assert result.returncode == 0, result.stderr
    assert query("run_alone", TABLES) == [(0,)]
    assert not (Path(alone["STATIC_ROOT"]) / "staticfiles.json").exists()


@pytest.mark.parametrize("word", ["celery_worker", "celery_beat"])
def test_no_other_process_migrates(alone, word, tmp_path):
    env = alone | {"BEAT_PIDFILE": str(tmp_path / "pid")}
    assert entrypoint(word, "true", **env).returncode == 0
    assert query("run_alone", TABLES) == [(0,)]


def test_it_takes_the_names_of_the_owners_env_file(alone):
    owners = {
        "SECRET_KEY": "DJANGO_SECRET_KEY",
        "ALLOWED_HOSTS": "DJANGO_ALLOWED_HOSTS",
        "DB_NAME": "POSTGRES_DB",
        "DB_USER": "POSTGRES_USER",
        "DB_PASSWORD": "POSTGRES_PASSWORD",
    }
    env = {owners.get(name, name): value for name, value in alone.items()} | {
        "DJANGO_DEBUG": "true",
        "LOG_LEVEL": "info",
    }
    program = (
        "from django.conf import settings as s; print(s.DEBUG, s.DATABASES['default']['NAME'])"
    )
    shell = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", program]
    result = entrypoint(*shell, **env)
    assert result.stdout.split() == ["True", "run_alone"], result.stderr


def test_a_broker_elsewhere_takes_the_place_of_redis(alone):
    env = {name: value for name, value in alone.items() if not name.startswith("REDIS_")}
    env["CELERY_BROKER_URL"] = "rediss://user:secret@redis.example.org:6380/0"
    program = "from seculite_api.celery import app; print(app.conf.broker_url)"
    shell = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", program]
    result = entrypoint(*shell, **env)
    assert result.stdout.strip() == env["CELERY_BROKER_URL"], result.stderr


def test_everything_missing_is_named_at_once_and_no_value_is_told():
    env = {"PATH": NOWHERE["PATH"], "DB_PASSWORD": "short-one"}
    result = entrypoint("gunicorn", "--version", **env)
    assert result.returncode == 1
    for name in ("ALLOWED_HOSTS", "DB_HOST", "REDIS_HOST", "/run/secrets/secret_key"):
        assert f"{name}: " in result.stderr
    assert "short-one" not in result.stderr
    assert "Traceback" not in result.stderr

import os
import subprocess
import time
from pathlib import Path

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


def test_gunicorn_migrates_only_where_it_is_asked_to():
    quiet = NOWHERE | {"WAIT_FOR_DB": "false"}
    assert entrypoint("gunicorn", "--version", **quiet).returncode == 0
    asked = entrypoint("gunicorn", "--version", **quiet, MIGRATE="true")
    assert asked.returncode != 0
    assert "OperationalError" in asked.stderr


def test_everything_missing_is_named_at_once_and_no_value_is_told():
    env = {"PATH": NOWHERE["PATH"], "DB_PASSWORD": "short-one"}
    result = entrypoint("gunicorn", "--version", **env)
    assert result.returncode == 1
    for name in ("ALLOWED_HOSTS", "DB_HOST", "REDIS_HOST", "/run/secrets/secret_key"):
        assert f"{name}: " in result.stderr
    assert "short-one" not in result.stderr
    assert "Traceback" not in result.stderr

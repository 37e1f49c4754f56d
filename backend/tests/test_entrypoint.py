import os
import time

import pytest

from tests.processes import production, run

POSTGRES = {
    "POSTGRES_HOST": "127.0.0.1",
    "POSTGRES_PORT": "9",  # nothing listens there
    "POSTGRES_USER": "mailtracker_user",
    "POSTGRES_DB": "mailtracker",
}


def entrypoint(*arguments, **env):
    return run(["sh", "entrypoint.sh", *arguments], {"PATH": os.environ["PATH"]} | env)


def test_any_other_command_is_run_as_given():
    result = entrypoint("printf", "%s|", "two words", "$HOME")
    assert (result.returncode, result.stdout) == (0, "two words|$HOME|")


@pytest.mark.parametrize("arguments", [(), ("serve-all",), ("serve",), ("migrate",)])
def test_missing_settings_of_both_kinds_are_named_at_once(arguments):
    result = entrypoint(*arguments, WAIT_TIMEOUT="soon")
    assert result.returncode == 1
    for name in ("POSTGRES_HOST", "POSTGRES_USER", "POSTGRES_DB", "WAIT_TIMEOUT", "SECRET_KEY"):
        assert f"- {name}: " in result.stderr
    assert "Traceback" not in result.stderr


def test_it_does_not_wait_for_ever(tmp_path):
    started = time.monotonic()
    result = entrypoint("serve", **production(tmp_path), **POSTGRES, WAIT_TIMEOUT="1")
    assert result.returncode == 1
    assert "did not answer within 1 s" in result.stderr
    assert "127.0.0.1:9" in result.stderr
    assert time.monotonic() - started < 20

"""The real settings, read from an environment made for tests."""

import os
import tempfile

import pytest

if "DB_HOST" not in os.environ:
    raise pytest.UsageError(
        "The tests need a PostgreSQL server: set DB_HOST, DB_NAME, DB_USER, DB_PASSWORD."
    )

TEMPORARY = tempfile.TemporaryDirectory(prefix="seculite-tests-")
os.environ.update(
    ALLOWED_HOSTS="testserver",
    SECRET_KEY="for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    REDIS_HOST="127.0.0.1",
    REDIS_PORT="9",  # nothing listens there
    REDIS_USER="nobody",
    REDIS_PASSWORD="only-for-tests",
    MEDIA_ROOT=TEMPORARY.name,
    STATIC_ROOT=TEMPORARY.name,
    SCAN_HOSTS="target.test,intranet:8080",
    SCAN_OUTSIDE="false",
    SCAN_TIMEOUT_SECONDS="2",
)

from seculite_api.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed, not safety

"""The real settings, read from an environment made for tests; only the database is given."""

import os
import tempfile

import pytest

if not any(os.environ.get(name) for name in ("DATABASE_URL", "DATABASE_URL_FILE")):
    raise pytest.UsageError(
        "The tests need a PostgreSQL server whose user may create databases. For example:\n"
        "  docker run --rm -d -p 127.0.0.1:5433:5432 -e POSTGRES_PASSWORD=only-for-trials "
        "postgres:16-alpine\n"
        "  DATABASE_URL=postgres://postgres:only-for-trials@127.0.0.1:5433/postgres pytest"
    )

TEMPORARY = tempfile.TemporaryDirectory(prefix="mailtracker-tests-")
os.environ.update(
    SECRET_KEY="for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    ALLOWED_HOSTS="testserver",
    DEBUG="false",
    HTTPS="false",
    RELEASE="tested",
    MAX_PDF_SIZE_MB="1",
    PDF_STORAGE_PATH=TEMPORARY.name,
    STATIC_ROOT=TEMPORARY.name,
)
os.environ.pop("SECRET_KEY_FILE", None)

from config.settings import *  # noqa: E402, F403
from config.settings import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed, not safety
# No test of a page should need collected files; test_static_files collects them for real.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

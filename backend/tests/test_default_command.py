"""The image run alone, without a command: it waits, migrates, collects static files and serves."""

import json
import re
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.served import default_command


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with default_command(tmp_path_factory.mktemp("served"), "default_command") as running:
        yield running


def test_it_waits_for_the_database_before_it_migrates(served):
    log = served.log.read_text()
    steps = ["Waiting for PostgreSQL", "PostgreSQL is ready.", "Applying mails.0001_initial"]
    places = [log.index(step) for step in steps]
    assert places == sorted(places)


def test_every_migration_is_applied(served):
    applied = {tuple(row) for row in served.rows("SELECT app, name FROM django_migrations")}
    written = {
        (file.parent.parent.name, file.stem) for file in Path.cwd().glob("*/migrations/0*.py")
    }
    assert written
    assert written <= applied


def test_the_static_files_are_collected_under_hashed_names(served):
    names = json.loads((served.static_root / "staticfiles.json").read_text())["paths"]
    assert re.fullmatch(r"mails/page\.[0-9a-f]{12}\.css", names["mails/page.css"])
    assert (served.static_root / names["mails/page.css"]).is_file()


def test_gunicorn_takes_the_place_of_the_entrypoint(served):
    """Its process has the number the shell had, so it gets the engine's signals."""
    words = Path(f"/proc/{served.process.pid}/cmdline").read_bytes().decode().split("\0")
    assert words[1].endswith("/gunicorn")
    line = " ".join(words)
    for expected in (
        "config.wsgi:application",
        "--bind 0.0.0.0:8000",
        "--workers 4",
        "--threads 2",
        "--timeout 60",
        "--access-logfile - ",
        "--error-logfile - ",
    ):
        assert expected in line
    assert workers(served.process.pid, 4) == 4


def workers(parent: int, expected: int) -> int:
    """The children of this process, once there are as many: gunicorn starts them one by one,
    and serves from the first on."""
    deadline = time.monotonic() + 20
    while (started := parents().count(parent)) < expected and time.monotonic() < deadline:
        time.sleep(0.1)
    return started


def parents() -> list[int]:
    """The parent of each process."""
    states = []
    for state in Path("/proc").glob("[0-9]*/status"):
        with suppress(FileNotFoundError, ProcessLookupError):  # one that has just ended
            states.append(state.read_text())
    return [int(re.search(r"^PPid:\s+(\d+)", state, re.MULTILINE)[1]) for state in states]


def test_it_shows_the_sign_in_page_with_its_style_sheet(served):
    page = served.ask("/sign-in/", {"X-Forwarded-Proto": "https"})
    assert page.status == 200
    sheet = re.search(r'href="(/static/[^"]+\.css)"', page.read().decode())
    assert served.ask(sheet[1], {"X-Forwarded-Proto": "https"}).status == 200

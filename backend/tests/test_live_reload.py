"""Development's mode: what is edited is served, by the real server, without a restart by hand."""

import os
import shutil
import subprocess
import time
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import dj_database_url
import pytest

from tests.processes import BACKEND, production

SITE = "http://127.0.0.1:8000"


@pytest.fixture
def sources(tmp_path):
    copy = tmp_path / "app"
    shutil.copytree(BACKEND, copy, ignore=shutil.ignore_patterns("tests", ".*", "staticfiles"))
    database = dj_database_url.parse(os.environ["DATABASE_URL"])
    env = production(tmp_path) | {
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "POSTGRES_HOST": database["HOST"],
        "POSTGRES_PORT": str(database["PORT"] or 5432),
        "POSTGRES_USER": database["USER"],
        "POSTGRES_DB": database["NAME"],
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "false",
        "DEBUG": "true",
        "LIVE_RELOAD": "true",
    }
    server = subprocess.Popen(["/bin/sh", "entrypoint.sh", "serve"], cwd=copy, env=env)
    try:
        seconds_until(lambda: urlopen(f"{SITE}/api/health/").status == 200, limit=60)
        yield copy
    finally:
        server.terminate()
        server.wait(timeout=40)


def seconds_until(condition, limit):
    started = time.monotonic()
    while time.monotonic() - started < limit:
        try:
            if condition():
                return time.monotonic() - started
        except (URLError, ConnectionError):
            pass
        time.sleep(0.05)
    pytest.fail(f"not within {limit} s")


def body(path):
    with urlopen(SITE + path) as answer:
        return answer.read().decode()


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_an_edited_template_static_file_or_view_is_served_at_once(sources):
    page, style = sources / "accounts/templates/accounts/sign_in.html", "mails/page.css"
    edit(page, "<h1>", "<h1>Edited ")
    assert seconds_until(lambda: "<h1>Edited" in body("/sign-in/"), limit=2) < 1
    (sources / "mails/static" / style).write_text("main { color: teal; }")
    assert seconds_until(lambda: "teal" in body(f"/static/{style}"), limit=2) < 1
    edit(sources / "operations/health.py", '"ok"', '"edited"')
    # Two seconds on an idle machine; twice that where tests run side by side.
    seconds_until(lambda: "edited" in body("/api/health/"), limit=4)


def test_a_mistake_is_shown_and_gone_when_it_is_mended(sources):
    view = sources / "mails/pages.py"
    good = view.read_text()
    for mistake in ("def broken(:\n", "nothing_of_this_name\n"):
        view.write_text(good + mistake)
        seconds_until(lambda: status("/sign-in/") == 500, limit=6)
        view.write_text(good)
        seconds_until(lambda: status("/sign-in/") == 200, limit=6)
        time.sleep(1.5)  # the server looks once a second: two edits in one go would be one


def status(path):
    try:
        with urlopen(SITE + path) as answer:
            return answer.status
    except HTTPError as error:
        return error.code

"""The image's default command, run on an empty database with the settings of production."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import dj_database_url
import psycopg2

from tests.processes import BACKEND, production

HOST = "mail.office.example"
PORT = 8000


class Served:
    def __init__(
        self, process: subprocess.Popen, log: Path, static_root: Path, database: dict
    ) -> None:
        self.process = process
        self.log = log
        self.static_root = static_root
        self.database = database

    def ask(self, path: str, headers: dict[str, str], method="GET", body=None) -> HTTPResponse:
        """What gunicorn answers to these headers and no others, as if nginx had sent them."""
        connection = HTTPConnection("127.0.0.1", PORT, timeout=20)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": HOST, "Connection": "close", **headers}.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Type", "application/x-www-form-urlencoded")
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        return connection.getresponse()

    def logged(self, text: str) -> list[str]:
        """The lines of the log with this text: gunicorn logs after it answers."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            lines = [line for line in self.log.read_text().splitlines() if text in line]
            if lines:
                return lines
            time.sleep(0.05)
        return []

    def rows(self, query: str) -> list[tuple]:
        with closing(connected(self.database)) as session, session.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()


@contextmanager
def default_command(folder: Path, name: str) -> Iterator[Served]:
    """Starts it on a new database of this name, and waits until it serves."""
    server = dj_database_url.parse(os.environ["DATABASE_URL"])
    database = server | {"NAME": name}
    data = folder / "data"
    data.mkdir()
    with new_database(server, name), (folder / "log").open("w") as log:
        process = subprocess.Popen(
            ["/bin/sh", "entrypoint.sh"],
            cwd=BACKEND,
            env=environment(data, database),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        served = Served(process, folder / "log", data, database)
        try:
            wait_until_it_serves(served)
            yield served
        finally:
            process.terminate()
            process.wait(timeout=40)


def environment(folder: Path, database: dict) -> dict[str, str]:
    host, port = database["HOST"], database["PORT"] or 5432
    account = f"{database['USER']}:{database['PASSWORD']}"
    return production(folder) | {
        "DATABASE_URL": f"postgres://{account}@{host}:{port}/{database['NAME']}",
        "POSTGRES_HOST": host,
        "POSTGRES_PORT": str(port),
        "POSTGRES_USER": database["USER"],
        "POSTGRES_DB": database["NAME"],
        # A deployment does not set it: the site's own origin is enough.
        "CSRF_TRUSTED_ORIGINS": "",
    }


def wait_until_it_serves(served: Served) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            if served.ask("/api/health/", {}).status == 200:
                return
        except OSError:
            if served.process.poll() is not None:
                break
        time.sleep(0.1)
    raise AssertionError(f"it does not serve:\n{served.log.read_text()}")


@contextmanager
def new_database(server: dict, name: str) -> Iterator[None]:
    execute(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    execute(server, f"CREATE DATABASE {name}")
    try:
        yield
    finally:
        execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def execute(server: dict, statement: str) -> None:
    with closing(connected(server)) as session:
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute(statement)


def connected(database: dict):
    return psycopg2.connect(
        host=database["HOST"],
        port=database["PORT"] or 5432,
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=database["NAME"],
    )

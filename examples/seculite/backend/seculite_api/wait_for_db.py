"""Waits until PostgreSQL takes connections: `python -m seculite_api.wait_for_db`."""

import os
import sys
import time

import psycopg2

from seculite_api.environment import read_environment


def main() -> None:
    env = read_environment()
    seconds = int(os.environ.get("WAIT_TIMEOUT", "60"))
    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg2.connect(
                host=env.db_host,
                port=env.db_port,
                dbname=env.db_name,
                user=env.db_user,
                password=env.db_password.get_secret_value(),
                connect_timeout=3,
            ).close()
        except psycopg2.OperationalError as error:
            if time.monotonic() > deadline:
                where = f"{env.db_host}:{env.db_port}"
                sys.exit(f"PostgreSQL at {where} took no connection within {seconds} s: {error}")
            time.sleep(0.5)
        else:
            return


main()

"""The database's settings: a URL, and a password that may live in a file of its own."""

import dj_database_url

from config.environment import Environment, attempt, is_placeholder

EXAMPLE = "postgres://mailtracker_user@postgres:5432/mailtracker"

# A silent network must not hold a worker's thread for the kernel's many minutes.
CONNECTION_OPTIONS = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


def read_database(env: Environment, debug: bool) -> dict:
    problems_before = len(env.problems)
    url = env.secret("DATABASE_URL", f"the database's address, such as {EXAMPLE}")
    password = env.secret("DATABASE_PASSWORD", required=False)
    if not url:
        return {}
    database = attempt(
        lambda: dj_database_url.parse(
            url, engine="config.patient_postgresql", conn_max_age=60, conn_health_checks=True
        )
    )
    complete = database and all(database.get(key) for key in ("HOST", "NAME", "USER"))
    if not complete or not url.startswith(("postgres://", "postgresql://")):
        env.problem("DATABASE_URL", f"is not a PostgreSQL address. Write it like {EXAMPLE}.")
        return {}
    if database["PASSWORD"] and password:
        env.problem(
            "DATABASE_PASSWORD",
            "given twice. Take it out of DATABASE_URL, or unset DATABASE_PASSWORD(_FILE).",
        )
    database["PASSWORD"] = database["PASSWORD"] or password
    if len(env.problems) == problems_before:
        _check_password(env, database["PASSWORD"], debug)
    database["OPTIONS"] = {**CONNECTION_OPTIONS, **database.get("OPTIONS", {})}
    return database


def _check_password(env: Environment, password: str, debug: bool) -> None:
    if not password:
        env.problem(
            "DATABASE_PASSWORD", "missing. Set DATABASE_PASSWORD_FILE to the password's file."
        )
    elif not debug and is_placeholder(password):
        env.problem("DATABASE_PASSWORD", "is a placeholder. Generate a random password.")

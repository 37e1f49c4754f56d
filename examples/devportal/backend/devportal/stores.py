"""The database and Redis: how they are reached, and how long each is waited for."""

import time
from collections.abc import Callable

import psycopg
from redis import Redis
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from devportal.settings import Settings

# A database that is replaced is away for about a second, Redis too.
PATIENCE_SECONDS = 6


def open_database(settings: Settings, patience: float = PATIENCE_SECONDS) -> Engine:
    """Connections that are tested before use; a new one is tried for some seconds before it fails."""
    engine = create_engine(
        settings.database,
        pool_pre_ping=True,
        # settings.ts compares the size of all pools with the server's limit.
        pool_size=10,
        max_overflow=0,
        connect_args={"connect_timeout": 3},
    )

    @event.listens_for(engine, "do_connect")
    def _patiently(dialect, _record, words, options):
        deadline = time.monotonic() + patience
        while True:
            try:
                return dialect.connect(*words, **options)
            except psycopg.OperationalError as error:
                final = "password authentication failed" in str(error)
                if final or time.monotonic() > deadline:
                    raise
            time.sleep(0.2)

    return engine


def open_redis(settings: Settings, patience: bool = True) -> Redis:
    """With patience, a command that found no server is tried again for about five seconds."""
    retry = Retry(ExponentialBackoff(cap=0.5, base=0.05), 12) if patience else Retry(NoBackoff(), 0)
    return Redis.from_url(
        settings.redis_url,
        password=settings.redis_password or None,
        decode_responses=True,
        socket_connect_timeout=1,
        socket_timeout=2,
        retry=retry,
    )


def check_database(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))


def state_of(check: Callable[[], object]) -> str:
    """`ok`, or what kind of failure it is; never an address or a password."""
    try:
        check()
    except (SQLAlchemyError, RedisError, OSError) as error:
        return type(error).__name__
    return "ok"


def await_stores(settings: Settings) -> None:
    """Wait until both answer, or end the process saying which did not, and why."""
    engine, redis = open_database(settings, patience=0), open_redis(settings, patience=False)
    _await("PostgreSQL", "DATABASE_URL", lambda: check_database(engine), settings.wait_timeout)
    _await("Redis", "REDIS_URL", redis.ping, settings.wait_timeout)
    engine.dispose()
    redis.close()


def _await(store: str, setting: str, check: Callable[[], object], limit: int) -> None:
    deadline = time.monotonic() + limit
    while (state := state_of(check)) != "ok":
        if time.monotonic() > deadline:
            raise SystemExit(
                f"{store} did not answer within {limit} s ({state}). Is it running, and is {setting} right?"
            )
        time.sleep(0.5)

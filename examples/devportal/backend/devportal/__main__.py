"""What a container of this image does: `serve`, `migrate`, `reset-quotas`, or `check` its environment."""

import argparse
import os
import sys
from pathlib import Path

from devportal.settings import Settings, read_settings
from devportal.stores import await_stores


def main() -> None:
    parser = argparse.ArgumentParser(prog="devportal", description=__doc__)
    parser.add_argument("command", choices=["serve", "migrate", "reset-quotas", "check"])
    command = parser.parse_args().command
    settings = read_settings()
    if command == "check":
        return
    await_stores(settings)
    if command == "migrate":
        migrate(settings)
    elif command == "reset-quotas":
        reset_quotas(settings)
    else:
        serve(settings)


def migrate(settings: Settings) -> None:
    from alembic import command
    from alembic.config import Config

    from devportal.administrator import ensure_administrator
    from devportal.seed import seed

    command.upgrade(Config(Path(__file__).parent.parent / "alembic.ini"), "head")
    ensure_administrator(settings)
    if settings.app_env == "development":
        seed(settings)


def reset_quotas(settings: Settings) -> None:
    from devportal.quota_reset import reset_quotas

    number = reset_quotas(settings)
    whose = "key has" if number == 1 else "keys have"
    sys.stdout.write(f"{number} {whose} the quota of {settings.quota_per_day} a day again.\n")


def serve(settings: Settings) -> None:
    """In place of this process, so that it gets the signals."""
    words = [sys.executable, "-m", "uvicorn", "--factory", "devportal.app:create_app"]
    words += ["--host", "0.0.0.0", "--port", "8000"]  # noqa: S104 - the container's own network
    # Only the edge reaches it. Keep-alive is above nginx's 60 s: a connection it still trusts must not be closed.
    words += ["--proxy-headers", "--forwarded-allow-ips", "*", "--timeout-keep-alive", "75"]
    words += ["--no-server-header", "--log-level", "debug" if settings.debug else "info"]
    if settings.live_reload:
        words += ["--reload", "--reload-dir", "/app/devportal"]
        words += ["--reload-include", "*.html", "--reload-include", "*.css"]
    os.execv(words[0], words)  # noqa: S606 - our own words


main()

"""Puts the application together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from devportal import admin, api, health, metered, pages, swagger
from devportal.settings import Settings, read_settings
from devportal.stores import open_database, open_redis

ABOUT = """
Sign up, make a key, and send it with each request as `X-API-Key`. Answers tell in `RateLimit-Remaining` how many
requests the key still has today; when there are none, they are `429` until midnight UTC.
"""


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or read_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.database.dispose()
        app.state.redis.close()

    # The portal has pages of its own for what FastAPI would show with scripts from elsewhere.
    app = FastAPI(
        title="DevPortal",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        debug=settings.debug,
    )
    app.state.settings = settings
    app.state.database = open_database(settings)
    app.state.redis = open_redis(settings)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "X-API-Key"],
        expose_headers=["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"],
    )
    # The health check asks for localhost.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*settings.allowed_hosts, "localhost"])
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    if swagger.is_there(settings):
        swagger.add_swagger(app)
    for part in (health, api, metered, pages, admin):
        app.include_router(part.router)
    pages.handle_errors(app)
    return app

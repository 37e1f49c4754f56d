"""Swagger UI in development, with the assets of the package fastapi-offline: the page loads nothing from elsewhere."""

from importlib.resources import files
from importlib.util import find_spec

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from devportal.pages import page
from devportal.settings import Settings

START = """SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true });"""


def is_there(settings: Settings) -> bool:
    """The package is in the development image only."""
    return settings.app_env == "development" and find_spec("fastapi_offline") is not None


def add_swagger(app: FastAPI) -> None:
    """At /docs, before the page that production has there; that one is at /reference too."""

    @app.get("/docs", include_in_schema=False, response_class=HTMLResponse)
    def swagger(request: Request) -> Response:
        return page(request, "swagger.html", None)

    @app.get("/swagger/start.js", include_in_schema=False)
    def start() -> Response:
        return Response(START, media_type="text/javascript")

    app.mount("/swagger", StaticFiles(directory=str(files("fastapi_offline") / "static")))

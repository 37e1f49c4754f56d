"""Whether this process can do its work: asked by the container's health check and by the edge."""

import logging

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpResponseNotAllowed, JsonResponse

PATH = "/api/health/"
logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers before anything else can refuse the Host, redirect to HTTPS or ask who is there."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info != PATH:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return health()


def health() -> JsonResponse:
    """Without Redis scans are taken all the same, so it is not asked here."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        status, code = "ok", 200
    except (DatabaseError, InterfaceError) as error:
        logger.warning("unhealthy, the database does not answer: %s", error)
        status, code = "database unavailable", 503
    body = {"status": status, "release": settings.RELEASE}
    return JsonResponse(body, status=code, headers={"Cache-Control": "no-store"})

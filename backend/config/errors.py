"""Errors as JSON under /api/, so that a client never has to read an HTML page."""

import logging
import sys

from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

logger = logging.getLogger(__name__)
DATABASE_AWAY = "The database cannot be reached at the moment. Try again shortly."
SHORTLY = {"Retry-After": "5"}


def answer(error, context):
    """REST framework's handler, and the database's refusals in words."""
    response = exception_handler(error, context)
    if response is not None:
        return response
    if isinstance(error, IntegrityError):
        logger.warning("refused by a database constraint", exc_info=error)
        set_rollback()
        detail = "This conflicts with another change made meanwhile. Nothing was saved."
        return Response({"detail": detail}, status=409)
    if isinstance(error, OperationalError):
        logger.error("the database cannot be used", exc_info=error)
        return Response({"detail": DATABASE_AWAY}, status=503, headers=SHORTLY)
    return None


def _is_api(request) -> bool:
    return request.path_info.startswith("/api/")


def _database_away(request):
    if _is_api(request):
        return JsonResponse({"detail": DATABASE_AWAY}, status=503, headers=SHORTLY)
    # Without the request: whoever is signed in would have to be looked up.
    return HttpResponse(render_to_string("503.html"), status=503, headers=SHORTLY)


def bad_request(request, exception):
    if _is_api(request):
        return JsonResponse({"detail": "The request is malformed."}, status=400)
    return defaults.bad_request(request, exception)


def not_found(request, exception):
    if _is_api(request):
        return JsonResponse({"detail": "There is nothing at this address."}, status=404)
    return defaults.page_not_found(request, exception)


def forbidden(request, exception):
    if _is_api(request):
        return JsonResponse({"detail": "This is not allowed."}, status=403)
    return defaults.permission_denied(request, exception)


def csrf_failure(request, reason=""):
    """A form older than the last sign-in, or a browser without cookies: say what helps."""
    if _is_api(request):
        return JsonResponse({"detail": f"The form's token is not right. {reason}"}, status=403)
    return render(request, "403_csrf.html", status=403)


def server_error(request):
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return _database_away(request)
    if _is_api(request):
        return JsonResponse({"detail": "An error on our side; it has been logged."}, status=500)
    return defaults.server_error(request)

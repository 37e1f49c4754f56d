from urllib.parse import urlencode

from django.http import HttpResponseRedirect, JsonResponse
from django.urls import reverse

from accounts.first_password import CHOOSE_FIRST, has_first_password

OPEN = ("choose-password", "sign-out")


class FirstPasswordMiddleware:
    """With a first password there is one thing to do: choosing one's own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated or not has_first_password(request.user):
            return self.get_response(request)
        if request.path in map(reverse, OPEN):
            return self.get_response(request)
        if request.path_info.startswith("/api/"):
            return JsonResponse({"detail": CHOOSE_FIRST}, status=403)
        wanted = request.get_full_path() if request.method == "GET" else "/"
        return HttpResponseRedirect(f"{reverse('choose-password')}?{urlencode({'next': wanted})}")

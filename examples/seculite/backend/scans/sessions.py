"""Signing in and out, for the page."""

from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from rest_framework import serializers, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from scans.authentication import SessionAuthentication


class Credentials(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=4096, trim_whitespace=False)


@method_decorator(never_cache, name="dispatch")
class SessionView(APIView):
    permission_classes = [AllowAny]

    def get(self, request):
        # Also gives the page the cookie its next requests need.
        get_token(request)
        return Response(who(request))

    def post(self, request):
        credentials = Credentials(data=request.data)
        credentials.is_valid(raise_exception=True)
        # Without a session DRF checks nothing, but the form must be ours all the same.
        SessionAuthentication().enforce_csrf(request)
        user = authenticate(request, **credentials.validated_data)
        if user is None:
            raise AuthenticationFailed("User name or password is wrong.")
        login(request, user)
        return Response(who(request))

    def delete(self, request):
        logout(request)
        return Response(status=status.HTTP_204_NO_CONTENT)


def who(request) -> dict:
    user = request.user
    return {
        "user": user.get_username() if user.is_authenticated else None,
        "staff": user.is_staff,
    }

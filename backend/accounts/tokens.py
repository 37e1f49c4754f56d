"""Tokens of the API, with what simplejwt lacks: keys that rotate, and first passwords."""

from django.conf import settings
from rest_framework.exceptions import PermissionDenied
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer

from accounts.first_password import CHOOSE_FIRST, has_first_password

ALGORITHM = "HS256"


class RotatingTokenBackend(TokenBackend):
    """Signs with the current key; accepts what the keys before it have signed, as sessions do."""

    def __init__(self, key: str, fallbacks: list[str]) -> None:
        super().__init__(ALGORITHM, key)
        self.fallbacks = [TokenBackend(ALGORITHM, fallback) for fallback in fallbacks]

    def decode(self, token, verify=True):
        try:
            return super().decode(token, verify)
        except TokenBackendExpiredToken:
            raise
        except TokenBackendError:
            for fallback in self.fallbacks:
                try:
                    return fallback.decode(token, verify)
                except TokenBackendExpiredToken:
                    raise
                except TokenBackendError:
                    continue
            raise


def token_backend() -> RotatingTokenBackend:
    return RotatingTokenBackend(settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS)


class TokenSerializer(TokenObtainPairSerializer):
    def validate(self, attrs):
        tokens = super().validate(attrs)
        if has_first_password(self.user):
            raise PermissionDenied(CHOOSE_FIRST)
        return tokens


class TokenAuthentication(JWTAuthentication):
    """Refuses tokens handed out for a first password before a release knew better."""

    def get_user(self, validated_token):
        user = super().get_user(validated_token)
        if has_first_password(user):
            raise PermissionDenied(CHOOSE_FIRST)
        return user

"""How the API's description names our authentication: as what it extends."""

from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme


class TokenScheme(SimpleJWTScheme):
    target_class = "accounts.tokens.TokenAuthentication"

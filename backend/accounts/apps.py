from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who one is: signing in, tokens, passwords."""

    name = "accounts"

    def ready(self):
        from rest_framework_simplejwt import state

        from accounts import schema  # noqa: F401  (registers on import)
        from accounts.tokens import token_backend

        state.token_backend = token_backend()

from django.apps import AppConfig


class MailsConfig(AppConfig):
    """The office's correspondence."""

    name = "mails"

    def ready(self):
        from mails import signals  # noqa: F401  (connects on import)

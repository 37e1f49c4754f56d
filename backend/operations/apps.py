from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """What the deployment needs: the health check and the commands of a release."""

    name = "operations"

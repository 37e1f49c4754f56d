from django.conf import settings
from django_celery_beat.models import PeriodicTask
from rest_framework import status, viewsets
from rest_framework.mixins import CreateModelMixin, ListModelMixin, RetrieveModelMixin
from rest_framework.response import Response
from rest_framework.views import APIView

from scans.models import Scan
from scans.serializers import ScanSerializer
from scans.targets import CONSENT


class ScanViewSet(CreateModelMixin, ListModelMixin, RetrieveModelMixin, viewsets.GenericViewSet):
    queryset = Scan.objects.select_related("result", "requested_by")
    serializer_class = ScanSerializer

    def perform_create(self, serializer):
        serializer.save(requested_by=self.request.user)


def when(task: PeriodicTask) -> str:
    return task.crontab.human_readable if task.crontab else str(task.interval or task.schedule)


class OverviewView(APIView):
    """What the page offers: the hosts that may be scanned, and what is scanned by schedule."""

    def get(self, request):
        tasks = PeriodicTask.objects.filter(task="scans.tasks.scheduled_scan", enabled=True)
        return Response(
            {
                "hosts": settings.SCAN_HOSTS,
                # To be confirmed for another site; empty if none may be scanned.
                "consent": CONSENT if settings.SCAN_OUTSIDE else "",
                "schedules": [
                    {"name": task.name, "when": when(task), "last_run_at": task.last_run_at}
                    for task in tasks.select_related("crontab", "interval").order_by("name")
                ],
            }
        )


class MediaView(APIView):
    """Asked by the edge before it gives out a result's file."""

    def get(self, request):
        return Response(status=status.HTTP_204_NO_CONTENT)

"""A scan is requested once, may be tried more often, and has one result."""

from uuid import uuid4

from django.conf import settings
from django.db import models


class Scan(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # No URLField: that knows no hosts of a network of one's own, such as http://intranet/.
    url = models.CharField(max_length=500)
    requested_at = models.DateTimeField(auto_now_add=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    # The id of the schedule's message: one that comes twice requests no second scan.
    run = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    # The host of a public site that the configuration does not name. Who requested it has confirmed
    # that they may scan it. The release before this one adds rows without it.
    outside_host = models.CharField(
        max_length=260, blank=True, default="", db_default="", editable=False
    )
    # When its task was last given to Redis, and how often a worker has begun it.
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["-requested_at"])]

    def __str__(self):
        return f"{self.url} ({self.requested_at:%Y-%m-%d %H:%M})"

    @property
    def scheduled(self) -> bool:
        return self.run is not None


class Result(models.Model):
    class Grade(models.TextChoices):
        GOOD = "good"
        FAIR = "fair"
        POOR = "poor"
        FAILED = "failed"

    # However often a task is delivered, a scan has one result.
    scan = models.OneToOneField(Scan, on_delete=models.CASCADE, related_name="result")
    finished_at = models.DateTimeField(auto_now_add=True)
    # The container that did it.
    worker = models.CharField(max_length=100)
    grade = models.CharField(max_length=10, choices=Grade)
    findings = models.JSONField(default=list)
    file = models.FileField(upload_to="scans/%Y/%m")

    def __str__(self):
        return f"{self.grade}: {self.scan}"

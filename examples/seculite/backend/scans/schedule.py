"""The schedule a deployment asks for, kept in the database, where administrators change it."""

import json

from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from scans.tasks import SEND_FORGOTTEN_EVERY


def ensure_schedule(crontab: str, urls: list[str]) -> None:
    """Adds what is not there yet. What is there stays as an administrator has left it.

    @raises ValueError when the crontab is not five words such as `0 3 * * *`.
    """
    words = crontab.split()
    if len(words) != 5:
        raise ValueError(f"{crontab!r} is not a crontab. Write five words such as 0 3 * * *.")
    fields = dict(
        zip(["minute", "hour", "day_of_month", "month_of_year", "day_of_week"], words, strict=True)
    )
    when, _ = CrontabSchedule.objects.get_or_create(**fields, timezone="UTC")
    for url in urls:
        PeriodicTask.objects.get_or_create(
            name=f"Scan {url}",
            defaults={
                "task": "scans.tasks.scheduled_scan",
                "crontab": when,
                "args": json.dumps([url]),
            },
        )
    every, _ = IntervalSchedule.objects.get_or_create(
        every=int(SEND_FORGOTTEN_EVERY.total_seconds()), period=IntervalSchedule.SECONDS
    )
    PeriodicTask.objects.get_or_create(
        name="Send what Redis has lost",
        defaults={"task": "scans.tasks.send_forgotten", "interval": every},
    )

from datetime import UTC, datetime

from django_celery_beat.models import PeriodicTask

from scans.schedule import ensure_schedule
from seculite_api.beat import run_id

MOMENT = datetime(2026, 3, 2, 12, 30, 1, tzinfo=UTC)


def test_a_run_sent_twice_has_the_same_id():
    assert run_id("a", MOMENT) == run_id("a", MOMENT.replace(second=59))
    others = [run_id("b", MOMENT), run_id("a", MOMENT.replace(minute=31))]
    assert run_id("a", MOMENT) not in others


def test_a_schedule_stays_as_an_administrator_has_left_it(db):
    ensure_schedule("0 3 * * *", ["https://target.test/"])
    PeriodicTask.objects.filter(name="Scan https://target.test/").update(enabled=False)
    ensure_schedule("30 4 * * *", ["https://target.test/"])
    task = PeriodicTask.objects.get(name="Scan https://target.test/")
    assert (task.enabled, task.crontab.hour) == (False, "3")

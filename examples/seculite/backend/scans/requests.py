"""A scan on its way to a worker: first in the database, then in Redis."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from scans.models import Scan

logger = logging.getLogger(__name__)


def request(**values) -> Scan:
    """Keeps the scan and sends its task once it is kept."""
    scan = Scan.objects.create(**values)
    transaction.on_commit(lambda: send(scan))
    return scan


def send(scan: Scan) -> bool:
    """Whether Redis took it. What it did not take is sent again by `send_forgotten`."""
    from scans.tasks import run_scan  # which requests scans in its turn

    try:
        run_scan.delay(str(scan.pk))
    except OperationalError as error:
        logger.warning("scan %s is sent later, as Redis does not answer: %s", scan.pk, error)
        return False
    Scan.objects.filter(pk=scan.pk).update(sent_at=timezone.now())
    return True


def send_forgotten() -> int:
    """Sends what Redis never got, or has lost with its memory. Sending too often does no harm."""
    visibility = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    waiting = Scan.objects.filter(result=None)
    unsent = waiting.filter(sent_at=None, requested_at__lt=timezone.now() - timedelta(seconds=30))
    lost = waiting.filter(sent_at__lt=timezone.now() - timedelta(seconds=visibility + 60))
    return sum(send(scan) for scan in (unsent | lost)[:100])

"""What keeps scans of other sites harmless: consent, a rate, a pause for each site."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from scans.models import Scan
from scans.targets import CONSENT, NotScannedError

LOCK = 5_301_776_482_091_337_003
HOUR = timedelta(hours=1)
PAUSE = timedelta(minutes=1)


def check(host: str, user, consent: bool) -> None:
    """In a transaction, until whose end other requests wait. @raises NotScannedError"""
    if not consent:
        raise NotScannedError(f"{host} is not one of the configured sites. Confirm: {CONSENT}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    now = timezone.now()
    outside = Scan.objects.exclude(outside_host="")
    if outside.filter(outside_host__iexact=host, requested_at__gt=now - PAUSE).exists():
        raise NotScannedError(f"{host} was scanned within the last minute. Wait a minute.")
    requested = outside.filter(requested_by=user, requested_at__gt=now - HOUR).count()
    if requested >= settings.OUTSIDE_SCANS_PER_HOUR:
        raise NotScannedError(
            f"You have requested {requested} scans of other sites within an hour, the limit. "
            "Try again later."
        )

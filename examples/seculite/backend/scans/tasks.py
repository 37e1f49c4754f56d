"""What workers do. Each may be delivered more than once and takes effect once."""

import json
import logging
from datetime import timedelta
from socket import gethostname

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from scans import requests
from scans.models import Result, Scan
from scans.scanner.addresses import PrivateAddressError
from scans.scanner.finding import Finding, grade
from scans.scanner.scan import ScanError, scan
from scans.targets import NotScannedError, target

logger = logging.getLogger(__name__)


@shared_task
def run_scan(scan_id: str) -> None:
    asked = Scan.objects.filter(pk=scan_id, result=None).first()
    if asked is None:
        logger.info("scan %s has its result already", scan_id)
        return
    logger.info("begins scan %s of %s", scan_id, asked.url)
    Scan.objects.filter(pk=scan_id).update(attempts=F("attempts") + 1)
    keep(asked, *look_at(asked))


@shared_task(bind=True)
def scheduled_scan(self, url: str) -> None:
    """Beat's. Its message has the id of the schedule's run, so a run requests one scan."""
    try:
        with transaction.atomic():
            requests.request(url=url, run=self.request.id)
    except IntegrityError:
        logger.info("this run of the schedule has its scan already: %s", self.request.id)


@shared_task
def send_forgotten() -> None:
    sent = requests.send_forgotten()
    if sent:
        logger.warning("%d scans were sent again", sent)


def look_at(asked: Scan) -> tuple[str, list[Finding]]:
    url = asked.url
    try:
        findings = scan(url, settings.SCAN_TIMEOUT_SECONDS, only_public=is_outside(asked))
    except (NotScannedError, PrivateAddressError) as refused:
        return Result.Grade.FAILED, [Finding("Not scanned", "bad", str(refused))]
    except ScanError as error:
        return Result.Grade.FAILED, [Finding("No answer", "bad", str(error))]
    except SoftTimeLimitExceeded:
        return Result.Grade.FAILED, [Finding("No answer", "bad", f"{url} took too long.")]
    return grade(findings), findings


def is_outside(asked: Scan) -> bool:
    """Asked again, as the configuration may be another one by now. @raises NotScannedError"""
    configured = target(asked.url).configured
    if not configured and not asked.outside_host:
        raise NotScannedError(f"{asked.url} is of no configured site, and nobody confirmed it.")
    return not configured


def keep(asked: Scan, graded: str, findings: list[Finding]) -> None:
    """File and row together or neither, and only if no other attempt was faster."""
    result = Result(
        scan=asked,
        grade=graded,
        findings=[finding.as_dict() for finding in findings],
        worker=gethostname(),
    )
    report = {
        "scan": str(asked.pk),
        "url": asked.url,
        "requested_at": asked.requested_at.isoformat(),
        "finished_at": timezone.now().isoformat(),
        "grade": graded,
        "findings": result.findings,
    }
    # Django gives a name that is taken another one, so attempts never share a file.
    content = ContentFile(json.dumps(report, indent=2).encode(), f"{asked.pk}.json")
    result.file.save(content.name, content, save=False)
    try:
        with transaction.atomic():
            result.save()
    except BaseException as error:
        result.file.delete(save=False)
        if not isinstance(error, IntegrityError):
            raise
        logger.info("scan %s got its result from another attempt", asked.pk)
    else:
        logger.info("scan %s of %s: %s", asked.pk, asked.url, graded)


SEND_FORGOTTEN_EVERY = timedelta(minutes=1)

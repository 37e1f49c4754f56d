"""Removes a PDF when its row is gone, whoever deleted it: the API, the admin or a cascade."""

from functools import partial

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from mails import pdf_storage
from mails.models import Attachment


@receiver(post_delete, sender=Attachment)
def remove_file(instance: Attachment, **kwargs) -> None:
    # After the commit only: a rolled-back deletion must keep its file.
    transaction.on_commit(partial(pdf_storage.remove, instance.stored_name), robust=True)

"""Takes in a PDF: either the file and its row both stay, or neither does."""

import unicodedata

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.shortcuts import get_object_or_404
from rest_framework.exceptions import APIException, ValidationError

from mails import history, pdf_storage
from mails.models import Attachment, Mail
from mails.pdf_check import InvalidPdf, check_pdf

NAME_LENGTH = Attachment._meta.get_field("original_name").max_length


class FileTooLarge(APIException):
    status_code = 413
    default_code = "file_too_large"

    def __init__(self):
        super().__init__(f"The file is larger than the limit of {settings.MAX_PDF_SIZE_MB} MB.")


def attach(mail_id: int, file: UploadedFile, user) -> Attachment:
    if file.size > settings.MAX_PDF_SIZE_MB * 1024 * 1024:
        raise FileTooLarge
    try:
        check_pdf(file)
    except InvalidPdf as error:
        raise ValidationError({"file": [str(error)]}) from error
    stored = pdf_storage.save(file.chunks())
    try:
        with transaction.atomic():
            # Locked, so that the mail cannot be deleted before the row refers to it.
            mail = get_object_or_404(Mail.objects.select_for_update(no_key=True), pk=mail_id)
            attachment = Attachment.objects.create(
                mail=mail,
                original_name=clean_name(file.name),
                stored_name=stored.name,
                size=stored.size,
                sha256=stored.sha256,
                uploaded_by=user,
            )
            history.pdf_added(mail.pk, attachment.original_name, user)
            return attachment
    except BaseException:
        pdf_storage.remove(stored.name)
        raise


@transaction.atomic
def detach(attachment: Attachment, user) -> None:
    history.pdf_removed(attachment.mail_id, attachment.original_name, user)
    attachment.delete()


def clean_name(name: str) -> str:
    """A name fit for a header and a screen: no control or direction-changing characters."""
    visible = "".join(c for c in name if not unicodedata.category(c).startswith("C")).strip()
    if len(visible) > NAME_LENGTH:
        visible = visible.removesuffix(".pdf")[: NAME_LENGTH - 4] + ".pdf"
    return visible or "document.pdf"

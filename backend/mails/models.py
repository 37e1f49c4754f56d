"""Mails and the PDFs that belong to them."""

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone


class MailQuerySet(models.QuerySet):
    def for_list(self):
        """With all a list shows. PDFs are counted for the rows of one page only, not by a join."""
        pdfs = Attachment.objects.filter(mail=OuterRef("pk")).order_by().values("mail")
        counted = Subquery(pdfs.annotate(number=Count("pk")).values("number"))
        return self.select_related("assignee", "created_by").annotate(
            attachment_count=Coalesce(counted, 0)
        )

    def for_page(self):
        """With the newest change its reader sees, read in one statement with the values."""
        return self.select_related("assignee", "created_by").annotate(
            newest_change=Coalesce(Max("changes"), 0)
        )


class Mail(models.Model):
    class Direction(models.TextChoices):
        IN = "in", "Incoming"
        OUT = "out", "Outgoing"

    class Status(models.TextChoices):
        NEW = "new", "New"
        IN_PROGRESS = "in_progress", "In progress"
        DONE = "done", "Done"
        ARCHIVED = "archived", "Archived"

    OPEN = (Status.NEW, Status.IN_PROGRESS)

    reference = models.CharField(max_length=50, unique=True)
    direction = models.CharField(max_length=3, choices=Direction)
    subject = models.CharField(max_length=255)
    sender = models.CharField(max_length=255)
    recipient = models.CharField(max_length=255)
    mail_date = models.DateField(help_text="The day it was received or sent.")
    due_date = models.DateField(null=True, blank=True, help_text="To be answered by this day.")
    status = models.CharField(max_length=11, choices=Status, default=Status.NEW)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_mails",
        db_index=False,  # the index with status begins with it
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="created_mails",
        editable=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ("-mail_date", "-id")
        # Search has an index too, made in migration 0002 where the server allows it.
        indexes = (
            models.Index(fields=["-mail_date", "-id"], name="mail_newest_first"),
            models.Index(fields=["status", "-mail_date", "-id"], name="mail_by_status"),
            models.Index(fields=["assignee", "status"], name="mail_by_assignee"),
            models.Index(
                fields=["due_date"], name="mail_by_due_date", condition=Q(due_date__isnull=False)
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(due_date__isnull=True) | Q(due_date__gte=F("mail_date")),
                name="mail_due_after_mail_date",
                violation_error_message="The due date must not lie before the mail's date.",
            ),
        )

    def __str__(self):
        return f"{self.reference} {self.subject}"

    @property
    def is_overdue(self) -> bool:
        due = self.due_date
        return due is not None and due < timezone.localdate() and self.status in self.OPEN


class Attachment(models.Model):
    """A PDF. Its bytes lie in PDF_STORAGE_PATH under `stored_name`, a name of our own."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="attachments")
    original_name = models.CharField(max_length=255)
    stored_name = models.CharField(max_length=40, unique=True)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="uploaded_attachments"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self):
        return self.original_name


class Change(models.Model):
    """One line of a mail's history, written by mails.history, with values in words."""

    mail = models.ForeignKey(
        Mail, on_delete=models.CASCADE, related_name="changes", db_index=False
    )  # the index begins with it
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes"
    )
    at = models.DateTimeField(auto_now_add=True)
    field = models.CharField(max_length=20)
    old = models.CharField(max_length=255, blank=True)
    new = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["mail", "-id"], name="change_newest_first"),)

    def __str__(self):
        return f"{self.field}: {self.old} → {self.new}"

    @property
    def label(self) -> str:
        return "PDF" if self.field == "pdf" else self.field.replace("_", " ").capitalize()

"""Fills an empty database with mails such as an office has, to try and to measure with."""

from datetime import timedelta
from random import Random

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mails.models import Mail

OTHERS = (
    "City Council, Building Department",
    "Tax Office",
    "Regional Health Insurance",
    "Water and Power Works",
    "Chamber of Commerce",
    "District Court",
    "Harbour Authority",
    "Office Supplies Wholesale",
    "Railway Freight Services",
    "Savings Bank",
    "Property Management",
    "Telephone Company",
    "University Library",
    "Fire Safety Inspection",
)
DEPARTMENTS = ("Accounts", "Front desk", "Legal", "Personnel", "Purchasing", "Management")
SUBJECTS = (
    "Invoice for {month}",
    "Reminder: invoice of {month}",
    "Offer for maintenance in {month}",
    "Contract renewal from {month}",
    "Request for documents, {month}",
    "Notice of assessment for {month}",
    "Complaint about the delivery in {month}",
    "Confirmation of the appointment in {month}",
    "Statement of account, {month}",
    "Minutes of the meeting in {month}",
    "Application of {month}: further questions",
    "Change of terms from {month}",
)


class Command(BaseCommand):
    help = "Make mails for trials and benchmarks. The same each time, but for today's date."

    def add_arguments(self, parser):
        parser.add_argument("--count", type=int, required=True)
        parser.add_argument("--add", action="store_true", help="even if there are mails already")

    def handle(self, *args, count, add, **options):
        present = Mail.objects.count()
        if present and not add:
            raise CommandError(
                f"There are {present} mails already, so none were made. "
                "If this is not the office's real data, say --add."
            )
        users = list(get_user_model().objects.filter(is_active=True).order_by("pk"))
        if not users:
            raise CommandError("There is no user to make mails for. Make one first: ensure_admin.")
        random = Random(present)  # noqa: S311  (nothing here is secret)
        today = timezone.localdate()
        mails = (mail(random, today, users, present + number) for number in range(1, count + 1))
        Mail.objects.bulk_create(mails, batch_size=1000)
        self.stdout.write(f"{count} mails made.")


def mail(random: Random, today, users: list, number: int) -> Mail:
    mail_date = today - timedelta(days=random.randrange(720))
    direction = random.choice(Mail.Direction.values)
    parties = [random.choice(OTHERS), random.choice(DEPARTMENTS)]
    if direction == Mail.Direction.OUT:
        parties.reverse()
    # The older a mail is, the likelier it is done.
    status = Mail.Status.ARCHIVED if random.random() < 0.5 else Mail.Status.DONE
    if (today - mail_date).days < random.randrange(5, 90):
        status = random.choice(Mail.OPEN)
    return Mail(
        reference=f"{mail_date.year}-{number:06}",
        direction=direction,
        subject=random.choice(SUBJECTS).format(month=f"{mail_date:%B %Y}"),
        sender=parties[0],
        recipient=parties[1],
        mail_date=mail_date,
        due_date=mail_date + timedelta(days=random.choice((7, 14, 30)))
        if random.random() < 0.6
        else None,
        status=status,
        assignee=random.choice(users) if random.random() < 0.7 else None,
        created_by=random.choice(users),
    )

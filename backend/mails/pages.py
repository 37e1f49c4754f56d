"""The pages people work with: the list, one mail, and the forms for it."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mails import history
from mails.forms import MailForm, QuickForm
from mails.models import Mail
from mails.page_filter import NEWEST_FIRST, SORTED, FilterForm, counts

PER_PAGE = 50
TAKEN = "This conflicts with a change made this very moment. Check it and save again."
QUICK_VIEWS = (
    ("All", "all", {}),
    ("Open", "open", {"status": "open"}),
    ("Mine", "mine", {"status": "open", "assignee": "me"}),
    ("Overdue", "overdue", {"overdue": "on"}),
)


@require_safe
def mails(request):
    form = FilterForm(request.GET)
    found = form.apply(Mail.objects.for_list())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    views = quick_views(request, form)
    filters = {name for name, value in form.given().items() if value and name != "ordering"}
    context = {
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "views": views,
        "columns": columns(request.GET.get("ordering", "")),
        "filtered": bool(filters),
        # Closed where nothing in it needs to be seen.
        "filters_open": filters - {"search"} and not any(view["current"] for view in views),
    }
    return render(request, "mails/list.html", context)


@login_not_required
@require_safe
def favicon(request):
    """What browsers ask for where no page names an icon: the administration, a PDF in a tab."""
    return redirect(static("mails/icon.svg"))


COLUMNS = (
    ("Reference", "reference"),
    ("Subject", "subject"),
    ("Date", "mail_date"),
    ("Due", "due_date"),
    ("Status", None),
    ("Assignee", None),
    ("PDFs", None),
)


def columns(ordering: str) -> list[dict]:
    """The table's heads, with what a click on one makes of the order."""
    if ordering.removeprefix("-") not in SORTED:
        ordering = NEWEST_FIRST
    heads = []
    for label, field in COLUMNS:
        order = {field: "ascending", f"-{field}": "descending"}.get(ordering)
        following = f"-{field}" if order == "ascending" else field
        heads.append({"label": label, "field": field, "order": order, "next": following})
    return heads


def quick_views(request, form) -> list[dict]:
    """Links to what is asked for most, with how many mails each will show."""
    asked = {name: value for name, value in request.GET.items() if value and name in form.fields}
    asked.pop("ordering", None)
    numbers = counts(request.user)
    me = request.user.get_username()
    views = []
    for label, key, query in QUICK_VIEWS:
        filters = {name: me if value == "me" else value for name, value in query.items()}
        views.append(
            {
                "label": label,
                "number": numbers[key],
                "query": f"?{urlencode(filters)}" if filters else "",
                "current": filters == asked,
            }
        )
    return views


@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    initial = {"mail_date": timezone.localdate(), "direction": Mail.Direction.IN}
    form = MailForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.instance.created_by = request.user
        try:
            with transaction.atomic():
                mail = form.save()
        except IntegrityError:
            form.add_error(None, TAKEN)
        else:
            messages.success(request, f"{mail.reference} is registered. Its PDFs can follow now.")
            return redirect("mail", mail.pk)
    return render(request, "mails/edit.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def mail(request, pk):
    mail = get_object_or_404(Mail.objects.for_page(), pk=pk)
    form = QuickForm(request.POST or None, instance=mail)
    if request.method == "POST" and saved(request, form):
        return redirect("mail", pk)
    if form.errors:
        mail.refresh_from_db()  # the form has written into it
    context = {
        "mail": mail,
        "form": form,
        "attachments": mail.attachments.select_related("uploaded_by"),
        "changes": mail.changes.select_related("by"),
        "limit_mb": settings.MAX_PDF_SIZE_MB,
    }
    return render(request, "mails/mail.html", context, status=409 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    mail = get_object_or_404(Mail.objects.for_page(), pk=pk)
    form = MailForm(request.POST or None, instance=mail)
    if request.method == "POST" and saved(request, form):
        return redirect("mail", pk)
    if form.errors:
        mail.refresh_from_db()  # the form has written into it
    context = {"form": form, "mail": mail}
    return render(request, "mails/edit.html", context, status=400 if form.errors else 200)


def saved(request, form) -> bool:
    if not form.is_valid():
        return False
    seen = form.cleaned_data["seen"]
    try:
        mail = history.edit(form.instance.pk, form.values(), request.user, seen)
    except history.Conflict as conflict:
        form.show(conflict)
        return False
    except IntegrityError:
        form.add_error(None, TAKEN)
        return False
    messages.success(request, f"{mail.reference} is saved.")
    return True

"""PDFs on the page: attaching them without JavaScript, looking at one, taking one away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.exceptions import APIException, ValidationError

from mails.models import Attachment, Mail
from mails.permissions import may_delete
from mails.uploads import attach, detach


@require_POST
def add(request, mail_id):
    """Several at once; one that is refused does not keep the others out."""
    mail = get_object_or_404(Mail, pk=mail_id)
    files = request.FILES.getlist("file")
    if not files:
        messages.error(request, "No file was chosen. Choose one or more PDFs, then attach them.")
    for file in files:
        try:
            attachment = attach(mail.pk, file, request.user)
        except APIException as error:
            messages.error(request, f"{file.name} was not attached. {reason(error)}")
        else:
            messages.success(request, f"{attachment.original_name} is attached.")
    return redirect("mail", mail.pk)


def reason(error: APIException) -> str:
    detail = error.detail
    return detail["file"][0] if isinstance(error, ValidationError) else detail


@require_safe
def view(request, mail_id, pk):
    attachment = find(mail_id, pk)
    page = request.GET.get("page", "")
    page = int(page) if page.isdecimal() and 0 < int(page) < 100_000 else 1
    return render(request, "mails/pdf.html", {"attachment": attachment, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, mail_id, pk):
    attachment = find(mail_id, pk)
    if not may_delete(request.user, attachment):
        raise PermissionDenied("Only whoever attached a PDF, or staff, may remove it.")
    if request.method == "POST":
        detach(attachment, request.user)
        messages.success(request, f"{attachment.original_name} is removed.")
        return redirect("mail", mail_id)
    return render(request, "mails/remove_pdf.html", {"attachment": attachment})


def find(mail_id: int, pk: int) -> Attachment:
    found = Attachment.objects.select_related("mail", "uploaded_by")
    return get_object_or_404(found, mail=mail_id, pk=pk)

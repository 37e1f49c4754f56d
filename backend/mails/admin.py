from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from mails import history
from mails.models import Attachment, Mail
from mails.uploads import detach

admin.site.site_header = admin.site.site_title = "Mail Tracker administration"


class ReadOnlyAttachments:
    """PDFs enter through the API, where their content is checked; here they are only shown."""

    fields = ("open_file", "size", "sha256", "uploaded_by", "created_at")
    readonly_fields = fields

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="File", ordering="original_name")
    def open_file(self, attachment):
        url = reverse("attachment-file", args=[attachment.pk])
        return format_html('<a href="{}">{}</a>', url, attachment.original_name)


class AttachmentInline(ReadOnlyAttachments, admin.TabularInline):
    model = Attachment
    extra = 0
    # One at a time, under Attachments: there the history learns of it.
    can_delete = False


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    list_display = (
        "reference",
        "direction",
        "subject",
        "mail_date",
        "due_date",
        "status",
        "assignee",
    )
    list_filter = ("status", "direction", "mail_date")
    list_select_related = ("assignee",)
    search_fields = ("reference", "subject", "sender", "recipient")
    autocomplete_fields = ("assignee",)
    readonly_fields = ("created_by", "created_at", "updated_at")
    inlines = (AttachmentInline,)

    def save_model(self, request, obj, form, change):
        if change:
            values = {field: form.cleaned_data[field] for field in form.changed_data}
            history.edit(obj.pk, values, request.user)
        else:
            obj.created_by = request.user
            super().save_model(request, obj, form, change)


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAttachments, admin.ModelAdmin):
    fields = ("mail", *ReadOnlyAttachments.fields)
    readonly_fields = fields
    list_display = ("id", "open_file", "mail", "size", "uploaded_by", "created_at")
    list_display_links = ("id",)
    list_select_related = ("mail", "uploaded_by")
    search_fields = ("original_name", "mail__reference")

    def delete_model(self, request, obj):
        detach(obj, request.user)

    def delete_queryset(self, request, queryset):
        for attachment in queryset:
            detach(attachment, request.user)

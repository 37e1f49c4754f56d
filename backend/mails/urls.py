from django.urls import path
from rest_framework.routers import SimpleRouter

from mails import views

router = SimpleRouter()
router.register("mails", views.MailViewSet)

urlpatterns = [
    *router.urls,
    path(
        "mails/<int:mail_id>/attachments/",
        views.MailAttachmentsView.as_view(),
        name="mail-attachments",
    ),
    path(
        "mails/<int:mail_id>/history/",
        views.MailHistoryView.as_view(),
        name="mail-history",
    ),
    path("attachments/<int:pk>/", views.AttachmentView.as_view(), name="attachment-detail"),
    path("attachments/<int:pk>/file/", views.AttachmentFileView.as_view(), name="attachment-file"),
]

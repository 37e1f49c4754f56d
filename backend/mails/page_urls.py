from django.conf import settings
from django.urls import path

from mails import pages, pdf_pages

urlpatterns = [
    path("mails/" if settings.FRONTEND else "", pages.mails, name="mails"),
    path("favicon.ico", pages.favicon),
    path("mails/new/", pages.register, name="register"),
    path("mails/<int:pk>/", pages.mail, name="mail"),
    path("mails/<int:pk>/edit/", pages.edit, name="edit"),
    path("mails/<int:mail_id>/pdfs/", pdf_pages.add, name="add-pdfs"),
    path("mails/<int:mail_id>/pdfs/<int:pk>/", pdf_pages.view, name="pdf"),
    path("mails/<int:mail_id>/pdfs/<int:pk>/remove/", pdf_pages.remove, name="remove-pdf"),
]

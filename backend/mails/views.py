from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.filters import SearchFilter
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from mails import pdf_storage
from mails.filters import MailFilter, StableOrderingFilter
from mails.models import Attachment, Change, Mail
from mails.permissions import DeletedByOwnerOrStaff
from mails.serializers import (
    AttachmentSerializer,
    ChangeSerializer,
    MailSerializer,
    UploadSerializer,
)
from mails.uploads import attach, detach

PROTECTED_LOCATION = "/_protected_pdfs/"  # internal in nginx: reached only through our answer


class MailViewSet(viewsets.ModelViewSet):
    queryset = Mail.objects.for_list()
    serializer_class = MailSerializer
    permission_classes = (IsAuthenticated, DeletedByOwnerOrStaff)
    filter_backends = (DjangoFilterBackend, SearchFilter, StableOrderingFilter)
    filterset_class = MailFilter
    # Own columns only: with a joined one the search could not use its index.
    search_fields = ("reference", "subject", "sender", "recipient")
    ordering_fields = (
        "reference",
        "mail_date",
        "due_date",
        "status",
        "subject",
        "created_at",
        "updated_at",
    )
    ordering = ("-mail_date",)

    def perform_create(self, serializer):
        serializer.save(created_by=self.request.user)


class MailAttachmentsView(generics.ListAPIView):
    """The PDFs of one mail, and where new ones are sent."""

    serializer_class = AttachmentSerializer
    parser_classes = (MultiPartParser, FormParser)
    pagination_class = None
    queryset = Attachment.objects.select_related("uploaded_by")

    def get_queryset(self):
        mail = get_object_or_404(Mail.objects.only("pk"), pk=self.kwargs["mail_id"])
        return super().get_queryset().filter(mail=mail)

    @extend_schema(
        request={"multipart/form-data": UploadSerializer},
        responses={
            201: AttachmentSerializer,
            400: OpenApiResponse(description="Not a readable PDF."),
            413: OpenApiResponse(description="Larger than the limit."),
        },
    )
    def post(self, request, mail_id):
        get_object_or_404(Mail.objects.only("pk"), pk=mail_id)
        upload = UploadSerializer(data=request.data)
        upload.is_valid(raise_exception=True)
        attachment = attach(mail_id, upload.validated_data["file"], request.user)
        return Response(self.get_serializer(attachment).data, status=201)


class MailHistoryView(generics.ListAPIView):
    """Who changed what, the latest change first."""

    serializer_class = ChangeSerializer
    queryset = Change.objects.select_related("by")

    def get_queryset(self):
        mail = get_object_or_404(Mail.objects.only("pk"), pk=self.kwargs["mail_id"])
        return super().get_queryset().filter(mail=mail)


class AttachmentView(generics.RetrieveDestroyAPIView):
    queryset = Attachment.objects.select_related("uploaded_by")
    serializer_class = AttachmentSerializer
    permission_classes = (IsAuthenticated, DeletedByOwnerOrStaff)

    def perform_destroy(self, instance):
        detach(instance, self.request.user)


class AttachmentFileView(APIView):
    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request, pk):
        attachment = get_object_or_404(Attachment, pk=pk)
        if not pdf_storage.path_of(attachment.stored_name).is_file():
            raise NotFound("The file of this attachment is missing from the storage.")
        return HttpResponse(
            content_type="application/pdf",
            headers={
                "X-Accel-Redirect": PROTECTED_LOCATION + attachment.stored_name,
                "Content-Disposition": content_disposition_header(False, attachment.original_name),
                "X-Content-Type-Options": "nosniff",
                # Our own page shows it in a frame.
                "X-Frame-Options": "SAMEORIGIN",
                # For how many seconds nginx need not ask again for the same person.
                "X-Accel-Expires": str(settings.FILE_AUTHORIZATION_SECONDS),
                # The browser may keep it, but asks us again whether this user still may see it.
                "Cache-Control": "private, no-cache",
            },
        )

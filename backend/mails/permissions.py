from rest_framework.permissions import BasePermission


class DeletedByOwnerOrStaff(BasePermission):
    """Everyone signed in works on every mail; taking something away is for whoever made it."""

    message = "Only the user who made this, or staff, may delete it."

    def has_object_permission(self, request, view, obj):
        if request.method != "DELETE" or request.user.is_staff:
            return True
        owner = getattr(obj, "uploaded_by_id", None) or getattr(obj, "created_by_id", None)
        return owner == request.user.id

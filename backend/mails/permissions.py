from rest_framework.permissions import BasePermission


def may_delete(user, thing) -> bool:
    owner = getattr(thing, "uploaded_by_id", None) or getattr(thing, "created_by_id", None)
    return user.is_staff or owner == user.pk


class DeletedByOwnerOrStaff(BasePermission):
    """Everyone signed in works on every mail; taking something away is for whoever made it."""

    message = "Only the user who made this, or staff, may delete it."

    def has_object_permission(self, request, view, obj):
        return request.method != "DELETE" or may_delete(request.user, obj)

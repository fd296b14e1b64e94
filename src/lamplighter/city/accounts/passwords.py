"""What a new password must not be."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import User


class NotThePresentOne:
    """A temporary password is known to whoever gave it: to keep it is not to change it."""

    def validate(self, password: str, user: Any = None) -> None:
        if isinstance(user, User) and user.has_usable_password() and user.check_password(password):
            raise ValidationError(self.get_help_text(), code="password_is_the_present_one")

    def get_help_text(self) -> str:
        return _("The new password must be another one than the present one.")

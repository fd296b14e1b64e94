"""The Django application of this room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lamplighter.city.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import (
            attempts,  # noqa: F401 - connects what is kept of failures
            sign_in,  # noqa: F401 - connects what the journal keeps of signing in
        )

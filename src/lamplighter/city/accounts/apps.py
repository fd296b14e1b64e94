"""The Django application of this room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lamplighter.city.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

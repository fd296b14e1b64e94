"""The Django application of this room."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "lamplighter.city.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

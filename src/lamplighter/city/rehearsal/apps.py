"""The Django application of this room."""

from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    name = "lamplighter.city.rehearsal"
    label = "rehearsal"
    default_auto_field = "django.db.models.BigAutoField"

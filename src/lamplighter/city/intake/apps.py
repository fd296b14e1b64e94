"""The Django application of this room."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "lamplighter.city.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

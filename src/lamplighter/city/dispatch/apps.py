"""The Django application of this room."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "lamplighter.city.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"

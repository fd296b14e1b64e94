"""The Django application of this room."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "lamplighter.city.field"
    label = "field"
    default_auto_field = "django.db.models.BigAutoField"

"""The Django application of this room."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "lamplighter.city.policies"
    label = "policies"
    default_auto_field = "django.db.models.BigAutoField"

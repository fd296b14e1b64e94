"""The addresses of this room."""

from django.urls import path

from . import views

app_name = "field"
urlpatterns = [
    path("", views.my_calls, name="my_calls"),
    path("<uuid:assignment_id>/", views.assignment, name="assignment"),
    path("<uuid:assignment_id>/step/", views.step, name="step"),
    path("<uuid:assignment_id>/record/", views.record, name="record"),
    path("<uuid:assignment_id>/clear/", views.clear, name="clear"),
    path("<uuid:assignment_id>/backup/", views.backup, name="backup"),
]

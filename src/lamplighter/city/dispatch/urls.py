"""The addresses of this room."""

from django.urls import path

from . import views

app_name = "dispatch"
urlpatterns = [
    path("", views.board, name="board"),
    path("calls/<uuid:incident_id>/", views.choice, name="choice"),
    path("calls/<uuid:incident_id>/assign/", views.assign, name="assign"),
    path("calls/<uuid:incident_id>/close/", views.close, name="close"),
    path("assignments/<uuid:assignment_id>/recall/", views.recall, name="recall"),
]

"""The addresses of this room; those of signing in are in `sign_in`."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/new/", views.new_person, name="new_person"),
    path("people/<uuid:person_id>/", views.person, name="person"),
    path("people/<uuid:person_id>/deactivate/", views.deactivate, name="deactivate"),
    path("people/<uuid:person_id>/reactivate/", views.reactivate, name="reactivate"),
    path("people/<uuid:person_id>/password/", views.new_password, name="new_password"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revoke/", views.revoke, name="revoke_token"),
]

"""The addresses of this room."""

from django.urls import path

from . import draft_views, grid_views, proposal_views, rehearsal_views, views
from .call_files import views as call_file_views

app_name = "policies"
urlpatterns = [
    path("room/", draft_views.room, name="room"),
    path("room/start/", draft_views.start, name="start"),
    path("room/drafts/<uuid:draft_id>/", grid_views.draft, name="draft"),
    path("room/drafts/<uuid:draft_id>/check/", grid_views.check, name="check"),
    path("room/drafts/<uuid:draft_id>/change/", grid_views.change, name="change"),
    path("room/drafts/<uuid:draft_id>/save/", grid_views.save, name="save"),
    path("room/drafts/<uuid:draft_id>/text/", draft_views.text, name="text"),
    path("room/drafts/<uuid:draft_id>/give-up/", draft_views.discard, name="discard"),
    path("room/drafts/<uuid:draft_id>/propose/", proposal_views.propose, name="propose"),
    path("room/copies/<uuid:conflict_id>/", draft_views.conflict, name="conflict"),
    path("room/proposals/<uuid:proposal_id>/", proposal_views.proposal, name="proposal"),
    path("room/proposals/<uuid:proposal_id>/sign/", proposal_views.sign_proposal, name="sign"),
    path("room/proposals/<uuid:proposal_id>/withdraw/", proposal_views.withdraw, name="withdraw"),
    path("room/drafts/<uuid:draft_id>/rehearse/", rehearsal_views.rehearse, name="rehearse"),
    path("room/rehearsals/<uuid:rehearsal_id>/", rehearsal_views.rehearsal, name="rehearsal"),
    path(
        "room/rehearsals/<uuid:rehearsal_id>/state/", rehearsal_views.state, name="rehearsal_state"
    ),
    path("room/calls/", call_file_views.histories, name="histories"),
    path("room/calls/bring/", call_file_views.bring_file, name="bring_file"),
    path("room/calls/<uuid:call_file_id>/", call_file_views.call_file, name="call_file"),
    path("room/calls/<uuid:call_file_id>/text/", call_file_views.layout_text, name="layout_text"),
    path("room/calls/<uuid:call_file_id>/state/", call_file_views.state, name="call_file_state"),
    path("room/calls/<uuid:call_file_id>/give-up/", call_file_views.drop, name="drop_call_file"),
    path("room/calls/quality/<uuid:history_id>/", call_file_views.quality, name="quality"),
    path("room/back/", proposal_views.go_back, name="go_back"),
    path("<slug:slug>/", views.policy, name="policy"),
    path("<slug:slug>/history/", views.history, name="history"),
    path("<slug:slug>/versions/<slug:content_hash>/", views.version, name="version"),
    path(
        "<slug:slug>/versions/<slug:content_hash>/policy.yaml",
        views.version_file,
        name="version_file",
    ),
    path("<slug:slug>/policy.yaml", views.download, name="download"),
]

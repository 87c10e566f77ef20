"""Addresses of the public pages, the referrer's own page and the coordinator's arrivals."""

from django.urls import path

from referrals.views import (
    administrator,
    coordinator,
    elsewhere,
    imports,
    interested,
    links,
    meetings,
    nudges,
    public,
    referrer,
    resembling,
)

app_name = "referrals"

urlpatterns = [
    # With a single programme the bare paths are its own; they stand on posters.
    path("", public.start, name="start"),
    path("om/", public.about, name="about_only"),
    path("om/<slug:programme>/", public.about, name="about"),
    path("henvis/", public.refer, name="refer_only"),
    path("henvis/<slug:programme>/", public.refer, name="refer"),
    path("henvis/<slug:programme>/kvittering/", public.receipt, name="receipt"),
    path("henvis/<slug:programme>/mit-link/", referrer.referrer_link, name="referrer_link"),
    path("henvis/<slug:programme>/mit-link/sendt/", referrer.referrer_link_sent, name="referrer_link_sent"),
    path("henvis/<slug:programme>/<slug:kind>/", public.refer_form, name="refer_form"),
    path("tilmeld/", public.sign_up, name="sign_up_only"),
    path("tilmeld/<slug:programme>/", public.sign_up, name="sign_up"),
    path("skriv-dig-op/<slug:programme>/", interested.interested, name="interested"),
    path("skriv-dig-op/<slug:programme>/tak/", interested.interested_thanks, name="interested_thanks"),
    path("nej-tak/", interested.interested_stop, name="interested_stop"),
    path("nej-tak/<str:token>/", interested.interested_stop, name="interested_stop_link"),
    path("l/<str:code>/", links.tracked_link, name="tracked_link"),
    path("min-side/", referrer.referrer_page, name="referrer_page"),
    path("min-side/nyt-link/", referrer.referrer_link_choose, name="referrer_link_choose"),
    path("min-side/ikke-relevant/", elsewhere.not_relevant, name="not_relevant"),
    path("min-side/ikke-relevant/<str:token>/", elsewhere.not_relevant, name="not_relevant_link"),
    path("min-side/<str:token>/", referrer.referrer_page, name="referrer_page_link"),
    path("indstillinger/formularer/", administrator.form_list, name="form_list"),
    path("indstillinger/formularer/<slug:kind>/", administrator.form_edit, name="form_edit"),
    path(
        "indstillinger/formularer/<slug:kind>/<int:number>/", administrator.form_version, name="form_version"
    ),
    path("samarbejde/paamindelser/", nudges.nudge_rule_list, name="nudge_rule_list"),
    path("samarbejde/paamindelser/venter/", nudges.nudge_proposal_list, name="nudge_proposal_list"),
    path(
        "samarbejde/paamindelser/venter/godkend/",
        nudges.nudge_proposal_approve,
        name="nudge_proposal_approve",
    ),
    path("samarbejde/paamindelser/venter/<int:pk>/", nudges.nudge_proposal_edit, name="nudge_proposal_edit"),
    path(
        "samarbejde/paamindelser/venter/<int:pk>/vaelg-fra/",
        nudges.nudge_proposal_drop,
        name="nudge_proposal_drop",
    ),
    path("samarbejde/paamindelser/ikke-sendt/", nudges.nudge_unsent_list, name="nudge_unsent_list"),
    path("samarbejde/paamindelser/<int:pk>/", nudges.nudge_rule_edit, name="nudge_rule_edit"),
    path("samarbejde/paamindelser/<int:pk>/til/", nudges.nudge_rule_switch, name="nudge_rule_switch"),
    path("samarbejde/paamindelser/<int:pk>/virkning/", nudges.nudge_rule_effect, name="nudge_rule_effect"),
    path("henvisninger/", coordinator.arrival_list, name="arrival_list"),
    path("henvisninger/paa-vej/", coordinator.arrival_let_in, name="arrival_let_in"),
    path("henvisninger/ny/", coordinator.arrival_create, name="arrival_create"),
    path("henvisninger/ny/ligner/", resembling.arrival_resembling, name="arrival_resembling"),
    path("henvisninger/moede/", meetings.meeting_create, name="meeting_create"),
    path("henvisninger/import/", imports.import_upload, name="import_upload"),
    path("henvisninger/import/venteliste.csv", imports.import_template_csv, name="import_template_csv"),
    path("henvisninger/import/venteliste.xlsx", imports.import_template_xlsx, name="import_template_xlsx"),
    path("henvisninger/import/<int:pk>/", imports.import_check, name="import_check"),
    path("henvisninger/import/<int:pk>/kasser/", imports.import_cancel, name="import_cancel"),
    path("henvisninger/<int:pk>/afslutning/", coordinator.referral_closing, name="referral_closing"),
    path("henvisninger/tilbageholdt/", coordinator.held_arrival_list, name="held_arrival_list"),
    path("henvisninger/tilbageholdt/<int:pk>/", coordinator.held_arrival_detail, name="held_arrival_detail"),
    path(
        "henvisninger/tilbageholdt/<int:pk>/frigiv/",
        coordinator.held_arrival_release,
        name="held_arrival_release",
    ),
    path(
        "henvisninger/tilbageholdt/<int:pk>/kasser/",
        coordinator.held_arrival_discard,
        name="held_arrival_discard",
    ),
]

from django.urls import path

from recruitment.views import administrator, cohorts, partners, seats, sessions, venues

app_name = "recruitment"

urlpatterns = [
    path("hold/", cohorts.cohort_list, name="cohort_list"),
    path("hold/nyt/", cohorts.cohort_create, name="cohort_create"),
    path("hold/steder/", venues.venue_list, name="venue_list"),
    path("hold/steder/nyt/", venues.venue_create, name="venue_create"),
    path("hold/steder/<int:pk>/", venues.venue_edit, name="venue_edit"),
    path("hold/<int:pk>/", cohorts.cohort_detail, name="cohort_detail"),
    path("hold/<int:pk>/ret/", cohorts.cohort_edit, name="cohort_edit"),
    path("hold/<int:pk>/aflys/", cohorts.cohort_cancel, name="cohort_cancel"),
    path("hold/<int:pk>/afslut/", cohorts.cohort_finish, name="cohort_finish"),
    path("hold/<int:pk>/plads/", seats.cohort_place, name="cohort_place"),
    path("hold/<int:pk>/pladser/<int:enrolment_pk>/", seats.enrolment_end, name="enrolment_end"),
    path("hold/<int:pk>/venteliste/", seats.cohort_wait, name="cohort_wait"),
    path("hold/<int:pk>/venteliste/<int:enrolment_pk>/slet/", seats.waiting_leave, name="waiting_leave"),
    path("hold/<int:pk>/moedegange/ny/", sessions.session_create, name="session_create"),
    path("hold/<int:pk>/moedegange/ugentlige/", sessions.session_create_weekly, name="session_create_weekly"),
    path("hold/<int:pk>/moedegang/<int:session_pk>/", sessions.session_attendance, name="session_attendance"),
    path("hold/<int:pk>/moedegang/<int:session_pk>/ret/", sessions.session_edit, name="session_edit"),
    path("hold/<int:pk>/moedegang/<int:session_pk>/slet/", sessions.session_remove, name="session_remove"),
    path("deltagere/<int:pk>/plads/", seats.participant_place, name="participant_place"),
    path("samarbejde/", partners.partner_list, name="partner_list"),
    path("samarbejde/ny/", partners.partner_create, name="partner_create"),
    path("samarbejde/<int:pk>/", partners.partner_detail, name="partner_detail"),
    path("samarbejde/<int:pk>/ret/", partners.partner_edit, name="partner_edit"),
    path("samarbejde/henviser/ny/", partners.referrer_create, name="referrer_create"),
    path("samarbejde/henviser/<int:pk>/", partners.referrer_edit, name="referrer_edit"),
    path("samarbejde/henviser/<int:pk>/stoppet/", partners.referrer_left, name="referrer_left"),
    path("indstillinger/", administrator.settings, name="settings"),
    path("indstillinger/medlemmer/", administrator.member_list, name="member_list"),
    path("indstillinger/medlemmer/<int:pk>/rolle/", administrator.member_role, name="member_role"),
    path("indstillinger/medlemmer/<int:pk>/fjern/", administrator.member_remove, name="member_remove"),
    path("indstillinger/<slug:section>/", administrator.settings_section, name="settings_section"),
]

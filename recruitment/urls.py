from django.urls import path

from recruitment.views import administrator, partners

app_name = "recruitment"

urlpatterns = [
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

from django.urls import path

from recruitment.views import administrator

app_name = "recruitment"

urlpatterns = [
    path("indstillinger/", administrator.settings, name="settings"),
    path("indstillinger/medlemmer/", administrator.member_list, name="member_list"),
    path("indstillinger/medlemmer/<int:pk>/rolle/", administrator.member_role, name="member_role"),
    path("indstillinger/medlemmer/<int:pk>/fjern/", administrator.member_remove, name="member_remove"),
    path("indstillinger/<slug:section>/", administrator.settings_section, name="settings_section"),
]

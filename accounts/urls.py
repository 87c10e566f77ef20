from django.urls import path

from accounts.views import member

app_name = "accounts"

urlpatterns = [
    path("skift-program/", member.switch_programme, name="switch_programme"),
    path("intet-program/", member.no_programme, name="no_programme"),
]

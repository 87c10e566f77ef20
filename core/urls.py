from django.urls import path

from core import styleguide, views

app_name = "core"

urlpatterns = [
    path("tilgaengelighed/", views.accessibility, name="accessibility"),
    path("sprog/", views.language, name="language"),
    path("healthz", views.healthz, name="healthz"),
    path("was", views.was, name="was"),
    path("stil/", styleguide.styleguide, name="styleguide"),
]

"""Addresses of questionnaires and measures."""

from django.urls import path, register_converter

from evaluation.converters import OccasionConverter
from evaluation.views import coordinator, public

register_converter(OccasionConverter, "occasion")

app_name = "evaluation"

_MEASURE = "deltagere/<int:pk>/maaling/<occasion:occasion>/"

urlpatterns = [
    path("skema/", public.questionnaire, name="questionnaire_bare"),
    path("skema/tak/", public.questionnaire_thanks, name="questionnaire_thanks"),
    path(
        "skema/tak/<slug:programme>/", public.questionnaire_thanks, name="questionnaire_thanks_of_programme"
    ),
    path("skema/<str:token>/", public.questionnaire, name="questionnaire"),
    path("maalinger/", coordinator.measure_list, name="measure_list"),
    path(_MEASURE, coordinator.measure_enter, name="measure_enter"),
    path(f"{_MEASURE}invitation/", coordinator.measure_invite, name="measure_invite"),
    path(f"{_MEASURE}qr/", coordinator.measure_qr, name="measure_qr"),
    path(f"{_MEASURE}mangler/", coordinator.measure_missing, name="measure_missing"),
]

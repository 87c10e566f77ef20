"""Addresses for the tests of core: a view behind a link, views that need the database, views that fail."""

from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone
from django_scopes import get_scope

from core.access import public
from core.link_views import link_view
from core.models import LinkToken
from core.tokens import consume_token

handler500 = "core.views.server_error"


def middleware_without_database(get_response):
    def answer(request: HttpRequest) -> HttpResponse:
        raise OperationalError

    return answer


@link_view(purpose="measure", bare_url_name="measure", used_url_name="thanks")
def measure(request: HttpRequest, *, link: LinkToken) -> HttpResponse:
    if request.method == "POST":
        consume_token(link, now=timezone.now())
        return HttpResponse(f"svaret {request.POST['note']}")
    return HttpResponse(f"{link.subject_id} {get_scope()['programme'].slug}")


@link_view(purpose="own-page", bare_url_name="own_page")
def own_page(request: HttpRequest, *, link: LinkToken) -> HttpResponse:
    if request.method == "POST":
        consume_token(link, now=timezone.now())
        return HttpResponse("set")
    return HttpResponse("min side")


@public("a test")
def thanks(request: HttpRequest) -> HttpResponse:
    return HttpResponse("tak")


@public("a test")
def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("note", "intet"))


@public("a test")
def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user))


@public("a test")
def failing(request: HttpRequest, kind: str) -> HttpResponse:
    raise {"operational": OperationalError, "interface": InterfaceError, "other": ZeroDivisionError}[kind]


@public("a test")
def storing(request: HttpRequest) -> HttpResponse:
    LinkToken.objects.count()
    return HttpResponse(f"gemt: {request.POST.get('note', 'intet')}")


@public("a test")
def impatient(request: HttpRequest) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse("tak")


urlpatterns = [
    path("skema/<str:token>/", measure, name="measure_link"),
    path("skema/", measure, name="measure"),
    path("min-side/<str:token>/", own_page, name="own_page_link"),
    path("min-side/", own_page, name="own_page"),
    path("tak/", thanks, name="thanks"),
    path("ekko/", echo, name="echo"),
    path("fejl/<str:kind>/", failing, name="failing"),
    path("gem/", storing, name="storing"),
    path("hvem/", who, name="who"),
    path("langsom/", impatient, name="impatient"),
    path("konto/", include("allauth.account.urls")),
    path("", include("core.urls")),
]

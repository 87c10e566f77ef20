"""The questionnaire behind a person's own link, as they meet it."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from core.models import LinkToken
from evaluation.enums import Mode, Occasion
from evaluation.models import Invitation, Response
from evaluation.services import invite_to_measure
from tests.concurrency import at_once
from tests.factories import make_participant, make_response
from worklist.enums import TaskKind
from worklist.models import Task

WELL = {f"who5_{number}": "4" for number in range(1, 6)} | {"self_rated_health": "2", "comment": "God dag"}
PAGE = "/skema/"


@pytest.fixture
def anna(programme):
    return make_participant(programme, given_name="Anna")


@pytest.fixture
def link(programme, anna):
    with scope(programme=programme):
        _, raw = invite_to_measure(participant=anna, occasion=Occasion.BEFORE, by=None, now=timezone.now())
    return f"/skema/{raw}/"


@pytest.fixture
def opened(client, link):
    """A browser that has followed the link."""
    assert client.get(link).url == PAGE
    return client


def stored(programme):
    with scope(programme=programme):
        return list(Response.objects.all())


def read(response):
    return response.content.decode()


def test_questionnaire_asks_every_question_and_chooses_nothing(opened):
    response = opened.get(PAGE)
    page = read(response)
    assert response.status_code == 200
    assert "I de sidste 2 uger …" in page
    assert "… har min dagligdag været fyldt med ting der interesserer mig" in page
    assert "Hvordan synes du, dit helbred er alt i alt?" in page
    assert page.count('type="radio"') == 5 * 6 + 5
    assert "checked" not in page


def test_questionnaire_names_the_holder_of_rights_and_the_licence(opened):
    page = read(opened.get(PAGE))
    assert "© World Health Organization 2024. Licens: CC BY-NC-SA 3.0 IGO." in page
    assert 'href="https://creativecommons.org/licenses/by-nc-sa/3.0/igo/"' in page


def test_questionnaire_names_neither_person_nor_token(opened, link):
    page = read(opened.get(PAGE))
    assert "Anna" not in page
    assert link.split("/")[2] not in page


def test_questionnaire_stores_a_whole_answer_and_says_thank_you(opened, programme, anna):
    response = opened.post(PAGE, WELL)
    assert response.status_code == 302
    assert response.url == "/skema/tak/kultur/"
    (answer,) = stored(programme)
    assert (answer.items, answer.self_rated_health, answer.comment) == ((4, 4, 4, 4, 4), 2, "God dag")
    assert (answer.participant_id, answer.mode, answer.language) == (anna.pk, Mode.OWN_PHONE, "da")
    assert (answer.occasion, answer.entered_by) == (Occasion.BEFORE, None)


def test_questionnaire_takes_nought_for_an_answer(opened, programme):
    opened.post(PAGE, WELL | {f"who5_{number}": "0" for number in range(1, 6)})
    assert stored(programme)[0].percentage_score == 0


def test_questionnaire_asks_once_about_blanks_and_keeps_the_rest(opened, programme):
    blanks = {name: value for name, value in WELL.items() if name not in ("who5_2", "self_rated_health")}
    response = opened.post(PAGE, blanks)
    page = read(response)
    assert response.status_code == 422
    assert "Du mangler at svare på" in page
    assert '<a href="#id_who5_2_0">… har jeg følt mig rolig og afslappet</a>' in page
    assert '<a href="#id_self_rated_health_0">Hvordan synes du, dit helbred er alt i alt?</a>' in page
    assert "Send alligevel" in page
    assert page.count("checked") == 4
    assert "God dag</textarea>" in page
    assert stored(programme) == []


def test_questionnaire_keeps_blanks_that_are_meant(opened, programme):
    blanks = {name: value for name, value in WELL.items() if name != "who5_2"}
    response = opened.post(PAGE, blanks | {"send_anyway": "1"})
    assert response.status_code == 302
    (answer,) = stored(programme)
    assert answer.items == (4, None, 4, 4, 4)
    assert not answer.is_complete


def test_questionnaire_without_any_answer_is_not_sent_even_so(opened, programme):
    response = opened.post(PAGE, {"comment": "Jeg ved ikke", "send_anyway": "1"})
    page = read(response)
    assert response.status_code == 422
    assert "Der er ikke svaret på noget endnu" in page
    assert "Send alligevel" not in page
    assert stored(programme) == []
    assert opened.post(PAGE, WELL).status_code == 302


def test_questionnaire_posted_empty_is_the_same_gentle_page(opened):
    assert opened.post(PAGE, {}).status_code == 422


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ({"who5_1": "6"}, "Vælg et af svarene."),
        ({"who5_1": "hele tiden"}, "Vælg et af svarene."),
        ({"self_rated_health": "0"}, "Vælg et af svarene."),
        ({"comment": "Mit nummer er 010203-1234"}, "CPR-nummer"),
        ({"comment": "å" * 1001}, "1 tegn for lang"),
        ({"comment": "nul\x00byte"}, "et tegn, vi ikke kan gemme"),
    ],
)
def test_questionnaire_says_what_to_do_about_a_fault_and_keeps_the_answers(
    opened, programme, answers, complaint
):
    response = opened.post(PAGE, WELL | answers)
    page = read(response)
    assert response.status_code == 422
    assert complaint in page
    assert page.count("checked") >= 5
    assert "Du mangler at svare på" not in page
    assert stored(programme) == []


def test_questionnaire_takes_emoji_and_markup_as_words(opened, programme):
    opened.post(PAGE, WELL | {"comment": "Dejlig dag 🌞 <script>alert(1)</script>"})
    assert stored(programme)[0].comment == "Dejlig dag 🌞 <script>alert(1)</script>"


def test_questionnaire_thanks_show_whom_to_call_and_no_verdict(opened):
    opened.post(PAGE, WELL | {f"who5_{number}": "1" for number in range(1, 6)})
    page = read(opened.get("/skema/tak/kultur/"))
    words = re.sub(r"<[^>]+>", " ", page)
    assert "Tak for dine svar" in words
    assert "20 12 34 56" in words
    assert "112" in words
    assert "70 20 12 01" in words
    for verdict in ("score", "risiko", "trivsel", "20 af 100", "WHO"):
        assert verdict not in words


def test_questionnaire_thanks_show_the_only_programme_there_is(client, programme):
    assert "20 12 34 56" in read(client.get("/skema/tak/"))


def test_questionnaire_thanks_do_not_guess_among_several(client, programme, other_programme):
    assert "20 12 34 56" not in read(client.get("/skema/tak/"))


def test_questionnaire_thanks_work_without_a_programme_and_with_an_unknown_one(client, db):
    for address in ("/skema/tak/", "/skema/tak/findes-ikke/"):
        response = client.get(address)
        assert response.status_code == 200
        assert "Tak for dine svar" in read(response)


def test_questionnaire_low_answers_open_a_follow_up(opened, programme, anna):
    opened.post(PAGE, WELL | {f"who5_{number}": "1" for number in range(1, 6)})
    with scope(programme=programme):
        assert Task.objects.open().filter(kind=TaskKind.FOLLOW_UP_LOW_SCORE, participant=anna).count() == 1


def test_questionnaire_sent_again_meets_the_thanks_and_changes_nothing(opened, programme):
    opened.post(PAGE, WELL)
    again = opened.post(PAGE, WELL | {"who5_1": "0"})
    assert again.url == "/skema/tak/"
    assert [answer.items for answer in stored(programme)] == [(4, 4, 4, 4, 4)]


def test_questionnaire_used_link_opens_no_questionnaire(opened, link):
    opened.post(PAGE, WELL)
    elsewhere = Client()
    assert elsewhere.get(link).url == "/skema/tak/"
    assert "radio" not in read(elsewhere.get("/skema/tak/"))


@pytest.mark.parametrize("spoil", ["unknown", "expired", "replaced", "answered on paper"])
def test_questionnaire_unusable_links_get_one_and_the_same_page(client, programme, anna, link, spoil):
    if spoil == "unknown":
        link = f"/skema/{'a' * 26}/"
    elif spoil == "expired":
        long_ago = timezone.now() - timezone.timedelta(days=70)
        LinkToken.objects.update(created_at=long_ago, expires_at=long_ago + timezone.timedelta(days=60))
    elif spoil == "replaced":
        with scope(programme=programme):
            invite_to_measure(participant=anna, occasion=Occasion.BEFORE, by=None, now=timezone.now())
    else:
        make_response(anna, Occasion.BEFORE)
        LinkToken.objects.update(revoked_at=timezone.now())
    response = client.get(link)
    assert response.status_code == 404
    assert "Linket virker ikke" in read(response)


def test_questionnaire_without_a_link_opens_nothing(client, db):
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, WELL).status_code == 404


def test_questionnaire_link_of_an_erased_person_is_unusable(opened, programme):
    with scope(programme=programme):
        Invitation.objects.all().delete()
    assert opened.post(PAGE, WELL).status_code == 404
    assert stored(programme) == []


def test_questionnaire_reading_changes_nothing(client, link, programme):
    for _ in range(3):
        for method in ("get", "head", "options"):
            getattr(client, method)(link)
            getattr(client, method)(PAGE)
    assert LinkToken.objects.get().used_at is None
    assert stored(programme) == []
    assert client.post(PAGE, WELL).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_questionnaire_sent_sixteen_times_at_once_is_one_answer(programme, link):
    browsers = [Client() for _ in range(16)]
    for browser in browsers:
        browser.get(link)
    waiting = iter(browsers)
    answers = at_once(lambda: next(waiting).post(PAGE, WELL), times=16)
    assert len(stored(programme)) == 1
    assert sorted(answer.url for answer in answers) == ["/skema/tak/"] * 15 + ["/skema/tak/kultur/"]

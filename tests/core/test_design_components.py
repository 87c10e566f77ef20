"""The components: what they promise to those who build pages of them."""

import datetime as dt

import pytest
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory


def render(source: str, **values) -> str:
    return Template("{% load design %}" + source).render(Context(values))


def test_pagination_keeps_the_rest_of_the_address():
    request = RequestFactory().get("/deltagere/", {"trin": "klar", "page": "2"})
    page = Paginator(range(100), 10).page(2)
    html = Template('{% include "components/pagination.html" with page=page only %}').render(
        RequestContext(request, {"page": page})
    )
    assert 'href="?trin=klar&amp;page=3"' in html
    assert 'href="?trin=klar&amp;page=1"' in html
    assert html.count('aria-current="page"') == 1
    assert "Side 2 af 10" in html


def test_pagination_is_absent_when_everything_fits_on_one_page():
    page = Paginator(range(5), 10).page(1)
    assert render('{% include "components/pagination.html" with page=page only %}', page=page).strip() == ""


def test_breadcrumbs_end_at_this_page_which_is_no_link():
    html = render('{% breadcrumbs "Hold" "/hold/" "Forår 2027" %}')
    assert '<a class="breadcrumbs__link" href="/hold/">Hold</a>' in html
    assert "Forår 2027</li>" in html
    assert html.count('aria-current="page"') == 1


def test_post_button_carries_the_token_and_its_hidden_fields():
    html = render(
        '{% post_button "/ring/" "Fik fat" hint="på Søren" outcome="reached" %}', csrf_token="t0ken"
    )
    assert 'method="post" action="/ring/"' in html
    assert 'name="csrfmiddlewaretoken" value="t0ken"' in html
    assert 'name="outcome" value="reached"' in html
    assert '<span class="sr-only"> på Søren</span>' in html


def test_icon_is_hidden_unless_it_says_something():
    assert 'aria-hidden="true"' in render('{% icon "search" %}')
    assert 'role="img" aria-label="Søg &amp; find"' in render('{% icon "search" label %}', label="Søg & find")


def test_icon_that_dkfds_lacks_is_refused():
    with pytest.raises(LookupError, match="enhjørning"):
        render('{% icon "enhjørning" %}')


def test_icon_never_leaves_its_folder():
    with pytest.raises(LookupError):
        render('{% icon "../../css/dkfds" %}')


def test_block_components_escape_their_arguments_and_keep_their_content():
    html = render("{% card heading=text level=3 %}<p>{{ text }}</p>{% endcard %}", text="<b>Æ</b>")
    assert '<h3 class="card-heading">&lt;b&gt;Æ&lt;/b&gt;</h3>' in html
    assert "<p>&lt;b&gt;Æ&lt;/b&gt;</p>" in html


def test_table_scrolls_by_keyboard_and_has_a_caption():
    html = render('{% table "Deltagere" %}<tbody></tbody>{% endtable %}')
    assert 'role="region" tabindex="0" aria-label="Deltagere"' in html
    assert '<caption class="sr-only">Deltagere</caption>' in html


def test_summary_list_tells_an_empty_answer_from_a_zero():
    html = render(
        '{% include "components/summary_list.html" with rows=rows only %}',
        rows=[("Score", 0), ("E-mail", ""), ("Telefon", None, "/ret/")],
    )
    assert "<dd>0</dd>" in html
    assert html.count("Ikke udfyldt") == 2
    assert 'href="/ret/">Ret<span class="sr-only"> telefon</span>' in html


def test_step_indicator_says_where_one_is_and_what_is_done():
    steps = [{"label": "Modtaget", "state": "done"}, {"label": "Samtale", "state": "current"}]
    html = render('{% include "components/step_indicator.html" with steps=steps only %}', steps=steps)
    assert html.count('aria-current="step"') == 1
    assert 'aria-label="Gennemført:"' in html


def test_timeline_writes_danish_dates_and_times():
    at = dt.datetime(2026, 11, 5, 13, 30, tzinfo=dt.UTC)
    html = render(
        '{% include "components/timeline.html" with entries=entries only %}',
        entries=[{"at": at, "who": "Karen", "what": "Ringede", "note": ""}],
    )
    assert "05.11.2026 kl. 14.30" in html


def test_progress_bar_needs_no_style():
    html = render('{% include "components/progress.html" with label="Pladser" value=9 maximum=12 only %}')
    assert '<progress class="progress-bar" value="9" max="12"' in html
    assert "9 af 12" in html


@pytest.mark.parametrize(
    ("stored", "shown"), [("+4520123456", "20 12 34 56"), ("+46701234567", "+46 70 123 45 67"), ("", "")]
)
def test_phone_is_shown_in_pairs(stored, shown):
    assert render("{{ number|phone }}", number=stored) == shown


def test_figure_repeats_its_numbers_in_a_table():
    html = render(
        '{% include "components/figure_with_table.html" with headers=headers rows=rows only %}',
        headers=["Kilde", "Antal"],
        rows=[["Egen læge", 9]],
    )
    assert '<th scope="row">Egen læge</th><td class="number">9</td>' in html

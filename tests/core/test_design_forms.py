"""The template pack: the markup a screen reader and borger.dk's users expect."""

import re

from crispy_forms.layout import Field
from django import forms
from django.template import Context, Template
from django.utils import translation

from core.forms import FreeTextField, PhoneField
from core.layout import Section, SideBySide, form_helper


class Sample(forms.Form):
    name = forms.CharField(label="Fornavn", error_messages={"required": "Skriv dit fornavn"})
    phone = PhoneField(label="Telefon", help_text="For eksempel 20 12 34 56", required=False)
    source = forms.ChoiceField(
        label="Hvem henviser?",
        help_text="Vælg én",
        choices=[("gp", "Egen læge"), ("self", "Dig selv")],
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvem der henviser"},
    )
    days = forms.MultipleChoiceField(
        label="Dage", choices=[("1", "Mandag")], widget=forms.CheckboxSelectMultiple, required=False
    )
    story = FreeTextField(label="Fortæl", help_text="Med dine egne ord", max_length=2000, required=False)
    agreed = forms.BooleanField(label="Ja tak", help_text="Du kan altid sige nej")
    born = forms.IntegerField(label="År", required=False, disabled=True)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def crispy(form: forms.Form, helper=None) -> str:
    form.helper = form_helper() if helper is None else helper
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))


def element(html: str, pattern: str) -> str:
    found = re.search(rf"<{pattern}[^>]*>", html)
    assert found, f"no <{pattern}> in {html}"
    return found[0]


def test_text_field_is_described_by_its_hint_and_named_by_its_label():
    html = crispy(Sample())
    phone = element(html, 'input type="tel"')
    assert 'id="id_phone"' in phone
    assert 'aria-describedby="id_phone_helptext"' in phone
    assert "form-input input-width-s" in phone
    assert '<label for="id_phone" class="form-label">Telefon' in html
    assert 'id="id_phone_helptext">For eksempel 20 12 34 56<' in html


def test_faulty_field_is_marked_and_described_by_hint_and_error():
    html = crispy(Sample({"phone": "112"}))
    phone = element(html, 'input type="tel"')
    assert 'aria-invalid="true"' in phone
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in phone
    assert re.search(r'id="id_phone_error">.*<span class="sr-only">Fejl: </span>', html)
    assert 'id="div_id_phone" class="form-group form-error"' in html


def test_radios_stand_in_a_fieldset_whose_legend_asks_the_question():
    html = crispy(Sample({}))
    assert 'aria-describedby="id_source_helptext id_source_error"' in element(html, 'fieldset id="id_source"')
    assert re.search(r'<legend class="form-label">Hvem henviser\?\s*</legend>', html)
    radio = element(html, 'input type="radio" name="source" value="gp"')
    assert 'id="id_source_0"' in radio
    assert 'class="form-radio"' in radio
    assert 'aria-invalid="true"' in radio
    assert '<label for="id_source_0">Egen læge</label>' in html


def test_chosen_radio_and_ticks_stay_chosen():
    html = crispy(Sample({"source": "self", "days": ["1"], "agreed": "on"}))
    assert "checked" in element(html, 'input type="radio" name="source" value="self"')
    assert "checked" not in element(html, 'input type="radio" name="source" value="gp"')
    assert "checked" in element(html, 'input type="checkbox" name="days"')
    assert "checked" in element(html, 'input type="checkbox" name="agreed"')


def test_nothing_is_chosen_beforehand():
    assert "checked" not in crispy(Sample())


def test_single_tick_has_its_hint_below_and_its_error_above():
    html = crispy(Sample({}))
    error, tick, hint = (
        html.index(part) for part in ("id_agreed_error", 'name="agreed"', "id_agreed_helptext")
    )
    tick_described = element(html, 'input type="checkbox" name="agreed"')
    assert 'aria-describedby="id_agreed_helptext id_agreed_error"' in tick_described
    assert error < tick
    assert hint > error


def test_text_area_is_described_by_its_limit_and_cuts_nothing_off():
    html = crispy(Sample())
    story = element(html, "textarea")
    assert 'aria-describedby="id_story_helptext id_story_limit"' in story
    assert "maxlength" not in story
    assert "Du kan skrive op til 2.000 tegn" in html
    assert 'data-limit="2000"' in html
    with translation.override("en"):
        assert "You can write up to 2,000 characters" in crispy(Sample())


def test_optional_fields_say_so_but_ticks_and_locked_fields_do_not():
    html = crispy(Sample())
    assert html.count("(frivilligt)") == 3  # phone, days, story
    assert "(frivilligt)" not in crispy(Sample(), form_helper(mark_optional=False))


def test_locked_field_is_disabled_and_its_label_is_dimmed():
    html = crispy(Sample())
    assert "disabled" in element(html, 'input type="number"')
    assert 'class="form-label disabled"' in html


def test_error_summary_counts_the_faults_and_links_each_to_its_question():
    html = crispy(Sample({}))
    assert "Der er 3 fejl" in html
    summary = element(html, 'div class="alert alert-error error-summary"')
    for attribute in ('role="alert"', 'tabindex="-1"', "autofocus"):
        assert attribute in summary
    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', html)
    assert links[0] == ("id_name", "Skriv dit fornavn")
    assert links[1] == ("id_source_0", "Vælg, hvem der henviser")
    assert links[2][0] == "id_agreed"
    assert all(f'id="{target}"' in html for target, _text in links)


def test_error_summary_is_absent_while_nothing_is_wrong():
    assert "error-summary" not in crispy(Sample())


def test_fault_of_the_whole_form_is_told_without_a_link():
    form = Sample({"name": "Åse", "source": "gp", "agreed": "on"})
    form.add_error(None, "Holdet er blevet fyldt")
    form.add_error("secret", "Åbn siden igen")
    html = crispy(form)
    assert "<li>Holdet er blevet fyldt</li>" in html
    assert "<li>Åbn siden igen</li>" in html


def test_prefixed_forms_on_one_page_have_summaries_and_fields_of_their_own():
    html = crispy(Sample({}, prefix="a")) + crispy(Sample({}, prefix="b"))
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_typed_markup_is_shown_as_text():
    html = crispy(Sample({"name": "<script>alert(1)</script>", "story": "</textarea><b>"}))
    assert "<script>" not in html
    assert "</textarea><b>" not in html


def test_hidden_fields_are_drawn_without_a_group_even_when_the_layout_leaves_them_out():
    html = crispy(Sample(), form_helper("name"))
    assert 'type="hidden" name="secret"' in html
    assert "div_id_secret" not in html


def test_page_owns_the_form_tag_and_the_token():
    html = crispy(Sample())
    assert "<form" not in html
    assert "csrf" not in html


def test_layout_groups_and_sets_beside_each_other():
    helper = form_helper(
        Section("Om {{ dig }} <b>", SideBySide("name", "phone"), hint="Vi ringer"),
        Field("source", wrapper_class="choice-cards"),
    )
    html = crispy(Sample(), helper)
    assert '<legend class="h3">Om {{ dig }} &lt;b&gt;</legend>' in html
    assert '<p class="form-section-hint">Vi ringer</p>' in html
    assert '<div class="form-row"><div id="div_id_name"' in html
    assert 'id="div_id_source" class="form-group choice-cards"' in html


def test_widget_decides_its_own_width():
    class Wide(forms.Form):
        city = forms.CharField(max_length=8, widget=forms.TextInput(attrs={"class": "input-char-8"}))
        code = forms.CharField(max_length=4)

    html = crispy(Wide())
    assert 'class="form-input input-char-8"' in html
    assert 'class="form-input input-width-xs"' in html

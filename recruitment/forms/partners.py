"""The coordinator's forms about partner organisations and referrers."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.forms import DanishDateField, DanishEmailField, FreeTextField, PhoneField, PlainTextField
from core.layout import Section, SideBySide, form_helper
from outreach.enums import OrganisationKind, Vulnerability
from outreach.models import Organisation, Referrer, TrackedLink
from outreach.queries import links_named_after, possible_successors
from recruitment.enums import ANY_WEAKNESS, SinceContact
from recruitment.forms.outreach import WholeNumberField
from recruitment.queries.partners import PartnerFilter
from referrals.forms.news import NewsField

MOST_WEEKS = 104  # two years


class PartnerFilterForm(forms.Form):
    """Which partners to show; a wrong address narrows nothing."""

    search = PlainTextField(
        label=_("Søg"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text=_("Organisationens navn"),
    )
    kind = forms.ChoiceField(
        label=_("Slags"), required=False, choices=[("", _("Alle slags")), *OrganisationKind.choices]
    )
    attention = forms.ChoiceField(
        label=_("Sårbart"),
        required=False,
        choices=[("", _("Alle")), (ANY_WEAKNESS, _("Alle sårbare")), *Vulnerability.choices],
    )
    contact = forms.ChoiceField(
        label=_("Kontakt"), required=False, choices=[("", _("Uanset kontakt")), *SinceContact.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(mark_optional=False)

    def wanted(self) -> PartnerFilter:
        """Return what is looked for."""
        self.is_valid()
        return PartnerFilter(**{name: value for name, value in self.cleaned_data.items() if value})


class OrganisationForm(forms.Form):
    """A partner's name and kind, and whether somebody is to look after it."""

    name = PlainTextField(label=_("Navn"), max_length=150, required_message=_("Skriv organisationens navn."))
    kind = forms.ChoiceField(
        label=_("Slags"),
        choices=[("", _("Vælg slags")), *OrganisationKind.choices],
        error_messages={"required": _("Vælg, hvilken slags organisation det er.")},
    )
    note = FreeTextField(
        label=_("Note"),
        required=False,
        max_length=1000,
        help_text=_("For eksempel hvornår I har aftalt at mødes. Skriv ikke om borgere her."),
    )

    is_tended = forms.BooleanField(
        label=_("Fast samarbejde: mind mig om besøg og om kontakt med ledelsen"), required=False
    )
    visit_every_weeks = WholeNumberField(
        label=_("Uger mellem besøg"),
        least=1,
        most=MOST_WEEKS,
        required=False,
        message=_("Skriv, hvor mange uger der må gå, som et helt tal fra 1 til 104."),
        help_text=_("Jo hurtigere folk skifter job, jo oftere. Tomt felt: det sædvanlige for slagsen."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visit_every_weeks"].widget.attrs["class"] = "input-width-xs"
        self.helper = form_helper(
            Section(str(_("Stedet")), "name", "kind", "note"),
            Section(str(_("Pas på samarbejdet")), "is_tended", "visit_every_weeks"),
        )


class ReferrerForm(forms.Form):
    """A person who can refer."""

    name = PlainTextField(label=_("Navn"), max_length=150, required_message=_("Skriv henviserens navn."))
    title = PlainTextField(label=_("Stilling"), max_length=100, required=False)
    email = DanishEmailField(
        label=_("E-mail"), required=False, help_text=_("Uden e-mail kan vi ikke sende påmindelser.")
    )
    phone = PhoneField(label=_("Telefon"), required=False)
    language = forms.ChoiceField(
        label=_("Sprog i mails"),
        choices=settings.LANGUAGES,
        required=False,
        error_messages={"invalid_choice": _("Vælg et af sprogene på listen.")},
    )
    organisation = forms.ModelChoiceField(
        label=_("Arbejdssted"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Ikke noteret"),
        error_messages={"invalid_choice": _("Vælg et arbejdssted på listen.")},
    )
    is_key_person = forms.BooleanField(label=_("Nøgleperson: en fast kontakt, der kender os"), required=False)
    is_ambassador = forms.BooleanField(label=_("Ambassadør: fortæller selv kolleger om os"), required=False)
    is_leader = forms.BooleanField(label=_("Leder: kan bakke op om, at stedet henviser"), required=False)
    onboarded_on = DanishDateField(
        label=_("Introduceret den"), required=False, help_text=_("For eksempel 05.11.2026")
    )
    tried_activity_on = DanishDateField(label=_("Har selv prøvet en aktivitet den"), required=False)

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or settings.LANGUAGE_CODE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.order_by("name_key", "pk")  # type: ignore[attr-defined]
        self.helper = form_helper(
            Section(
                str(_("Hvem")), "name", "title", "organisation", SideBySide("email", "phone"), "language"
            ),
            Section(
                str(_("Samarbejdet")),
                "is_key_person",
                "is_ambassador",
                "is_leader",
                SideBySide("onboarded_on", "tried_activity_on"),
            ),
        )


class ReferrerEditForm(ReferrerForm):
    """A referrer we know: also what they hear of those they sent."""

    def __init__(self, *args: Any, referrer: Referrer, **kwargs: Any) -> None:
        known = {name: getattr(referrer, name) for name in ReferrerForm.base_fields}
        super().__init__(*args, initial=known, **kwargs)
        self.fields["news"] = NewsField(referrer, label=_("Hvad vi skriver af os selv"))
        self.helper.layout.append(Section(str(_("Nyt om dem, personen har henvist")), "news"))

    def said(self) -> dict[str, Any]:
        """Return the fields of the referrer as the form has them."""
        fields = dict(self.cleaned_data)
        return fields | fields.pop("news")


class SuccessorForm(forms.Form):
    """Who takes over after a referrer: a colleague at the same place who is still there, or nobody yet."""

    successor = forms.ModelChoiceField(
        label=_("Hvem overtager henvisningerne?"),
        queryset=Referrer.objects.none(),
        required=False,
        empty_label=_("Ingen endnu. Mind mig om det"),
        error_messages={
            "invalid_choice": _("Vælg en kollega, der stadig er samme sted, eller vælg Ingen endnu.")
        },
    )

    as_key_person = forms.BooleanField(label=_("Afløseren bliver jeres nøgleperson"), required=False)
    links = forms.ModelMultipleChoiceField(
        label=_("Links med navnet på: giv dem videre"),
        queryset=TrackedLink.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Vælg links på listen.")},
        help_text=_("De får afløserens navn. Koder og plakater virker, som de plejer."),
    )

    def __init__(self, data: Any = None, *, referrer: Referrer) -> None:
        links = links_named_after(referrer)
        known = {"successor": referrer.successor_id, "as_key_person": True, "links": list(links)}
        super().__init__(data, initial=known)
        self.fields["successor"].queryset = possible_successors(referrer)  # type: ignore[attr-defined]
        self.fields["links"].queryset = links  # type: ignore[attr-defined]
        if not referrer.is_key_person:
            del self.fields["as_key_person"]
        if not known["links"]:
            del self.fields["links"]
        self.helper = form_helper(*self.fields, mark_optional=False)

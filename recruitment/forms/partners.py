"""The coordinator's forms about partner organisations and referrers."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.forms import DanishDateField, DanishEmailField, FreeTextField, PhoneField, PlainTextField
from core.layout import Section, SideBySide, form_helper
from outreach.enums import OrganisationKind
from outreach.models import Organisation, Referrer
from outreach.queries import possible_successors
from referrals.forms.news import NewsField


class OrganisationForm(forms.Form):
    """A partner's name and kind."""

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("name", "kind", "note")


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

    def __init__(self, data: Any = None, *, referrer: Referrer) -> None:
        super().__init__(data, initial={"successor": referrer.successor_id})
        self.fields["successor"].queryset = possible_successors(referrer)  # type: ignore[attr-defined]
        self.helper = form_helper("successor", mark_optional=False)

"""The forms of those who refer others: one set of words and sections, and what each kind asks differently."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from outreach.enums import OrganisationKind
from referrals.agreement_texts import agreement_texts
from referrals.enums import HeardAbout, ReferralKind
from referrals.forms.kinds.spec import FormKind, SectionSpec, Wording

if TYPE_CHECKING:  # a text that may be translated when it is shown
    from django.utils.functional import _StrOrPromise as Text

# --- Words that professionals read, whoever they are ---------------------------------------------

_WORDS: dict[str, Wording] = {
    "given_name": Wording(_("Borgerens fornavn"), missing=_("Skriv borgerens fornavn")),
    "family_name": Wording(_("Borgerens efternavn"), missing=_("Skriv borgerens efternavn")),
    "phone": Wording(_("Borgerens telefon")),
    "email": Wording(_("Borgerens e-mail")),
    "birth_year": Wording(_("Fødselsår"), _("Fire cifre, for eksempel 1975")),
    "postcode": Wording(_("Postnummer"), _("Hvor borgeren bor")),
    "contact_wishes": Wording(
        _("Hvordan og hvornår får vi bedst fat i borgeren?"),
        _("For eksempel: ring efter kl. 10, send en sms først, eller brug tolk."),
    ),
    "reason": Wording(
        _("Hvorfor tænker du på borgeren?"),
        _("Et par linjer er nok. Hvad kan borgeren få ud af at være med?"),
        missing=_("Skriv kort, hvorfor du tænker på borgeren"),
    ),
    "situation": Wording(
        _("Borgerens situation"), _("For eksempel sygedagpenge, kontanthjælp eller jobafklaring.")
    ),
    "considerations": Wording(
        _("Er der noget, vi skal tage hensyn til?"),
        _("For eksempel trapper, høreapparat, transport, eller at store grupper er svære."),
    ),
    "criteria_met": Wording(
        _("Hvad passer på borgeren?"),
        _("Sæt hak ved det, du ved. Du kan altid sende, også når ikke alt passer. Resten taler vi om."),
    ),
    "agreed": Wording(
        agreement_texts().referred,
        missing=_("Tal med borgeren først. Sæt hak her, når borgeren har sagt ja til at blive henvist"),
    ),
    "feedback_allowed": Wording(
        agreement_texts().feedback,
        _("Så kan du se, hvor langt borgeren er. Du ser aldrig svar eller noter."),
    ),
    "referrer_name": Wording(_("Dit navn"), missing=_("Skriv dit navn"), autocomplete="name"),
    "referrer_title": Wording(_("Din stilling"), autocomplete="organization-title"),
    "referrer_workplace": Wording(
        _("Stedets navn"), missing=_("Skriv, hvor du arbejder"), autocomplete="organization"
    ),
    "referrer_email": Wording(
        _("Din e-mail"),
        _("Her sender vi en kvittering."),
        missing=_("Skriv din e-mail, så vi kan sende dig en kvittering"),
        autocomplete="email",
    ),
    "referrer_phone": Wording(_("Din telefon"), autocomplete="tel"),
    "heard_about": Wording(_("Hvor hørte du om os?")),
    "same_phone_confirmed": Wording(_("Ja, det er borgerens telefonnummer")),
}
_NO_DIAGNOSES = Wording(
    _("Hvorfor tænker du på borgeren?"),
    _("Et par linjer er nok. Skriv ikke diagnoser eller medicin. Vi har ikke brug for det."),
    missing=_("Skriv kort, hvorfor du tænker på borgeren"),
)

# --- Their sections ------------------------------------------------------------------------------

_CITIZEN = SectionSpec(
    _("Borgeren"),
    (("given_name", "family_name"), ("phone", "email"), ("birth_year", "postcode"), "contact_wishes"),
    _("Skriv telefon eller e-mail, gerne begge. Skriv ikke CPR-nummer."),
)
_WHY = SectionSpec(
    _("Hvorfor henviser du?"),
    ("reason", "situation", "considerations", "criteria_met"),
    _("Du kan ikke vedhæfte filer, for bilag rummer ofte mere, end vi må få at vide."),
)
_WHY_BRIEFLY = SectionSpec(_WHY.legend, ("reason", "considerations", "criteria_met"), _WHY.hint)
_AGREEMENT = SectionSpec(_("Aftalen med borgeren"), ("agreed", "feedback_allowed"))
_YOU = SectionSpec(
    _("Dig, der henviser"),
    (
        ("referrer_name", "referrer_title"),
        "referrer_workplace",
        ("referrer_email", "referrer_phone"),
        "heard_about",
    ),
)


def _form(
    kind: ReferralKind,
    path: str,
    heading: "Text",
    *,
    choice: "Text",
    choice_hint: "Text",
    workplace: tuple["Text", "Text"] | None = None,
    reason: Wording = _WORDS["reason"],
    situation_hint: "Text" = "",
) -> FormKind:
    """Return the form of `kind`: the words of all, save what is given here.

    `workplace` is how the place is called, and what to do when it is left empty. The person's situation
    is asked where `situation_hint` says which situations are meant.
    """
    words = {**_WORDS, "reason": reason}
    if workplace is not None:
        words["referrer_workplace"] = Wording(workplace[0], missing=workplace[1], autocomplete="organization")
    if situation_hint:
        words["situation"] = Wording(_WORDS["situation"].label, situation_hint)
    return FormKind(
        kind=kind,
        path=path,
        heading=heading,
        lead=_("Det tager cirka to minutter."),
        send=_("Send henvisningen"),
        no_contact=_("Skriv borgerens telefonnummer eller e-mail, så vi kan få fat i borgeren"),
        choice=choice,
        choice_hint=choice_hint,
        sections=(_CITIZEN, _WHY if situation_hint else _WHY_BRIEFLY, _AGREEMENT, _YOU),
        wording=words,
        heard_about=(
            HeardAbout.COLLEAGUE,
            HeardAbout.VISIT,
            HeardAbout.PARTICIPANT,
            HeardAbout.POSTER,
            HeardAbout.WEB,
            HeardAbout.PAPER,
            HeardAbout.OTHER,
        ),
        # A kind of form is named after the kind of place it belongs to; only "another place" is not.
        organisation_kind=(
            OrganisationKind(kind.value) if kind.value in OrganisationKind.values else OrganisationKind.OTHER
        ),
    )


# --- The forms -----------------------------------------------------------------------------------

# In the order of the page where one chooses: those who refer most first, "another place" last.
PROFESSIONAL_KINDS = (
    _form(
        ReferralKind.JOBCENTRE,
        "jobcenter",
        _("Henvis fra jobcenteret"),
        choice=_("Jobcenteret"),
        choice_hint=_("Du taler med folk om job og ydelser."),
        workplace=(_("Jobcenter"), _("Skriv, hvilket jobcenter du arbejder på")),
        situation_hint=_WORDS["situation"].hint,
    ),
    _form(
        ReferralKind.GP,
        "laege",
        _("Henvis fra almen praksis"),
        choice=_("Læge"),
        choice_hint=_("Du er læge eller en anden i praksis."),
        workplace=(_("Praksis"), _("Skriv navnet på praksis")),
        reason=_NO_DIAGNOSES,
    ),
    _form(
        ReferralKind.PSYCHOLOGIST,
        "psykolog",
        _("Henvis fra psykolog eller anden behandler"),
        choice=_("Psykolog eller behandler"),
        choice_hint=_("Du er psykolog, terapeut eller lignende."),
        workplace=(_("Klinik eller praksis"), _("Skriv navnet på klinikken")),
        reason=_NO_DIAGNOSES,
    ),
    _form(
        ReferralKind.MUNICIPALITY,
        "kommune",
        _("Henvis fra kommunen"),
        choice=_("Kommunen"),
        choice_hint=_("Du er ansat et andet sted end på jobcenteret."),
        workplace=(_("Afdeling"), _("Skriv, hvilken afdeling du arbejder i")),
        situation_hint=_WORDS["situation"].hint,
    ),
    _form(
        ReferralKind.UNION,
        "fagforening",
        _("Henvis fra fagforeningen"),
        choice=_("Fagforening"),
        choice_hint=_("Du hjælper dem, der er meldt ind."),
        workplace=(_("Fagforening"), _("Skriv, hvilken fagforening du arbejder i")),
        situation_hint=_("For eksempel sygemeldt, ledig eller opsagt."),
    ),
    _form(
        ReferralKind.HOUSING,
        "boligforening",
        _("Henvis fra boligforeningen"),
        choice=_("Boligforening"),
        choice_hint=_("Du møder dem, der bor der."),
        workplace=(_("Boligforening"), _("Skriv, hvilken boligforening du arbejder i")),
    ),
    _form(
        ReferralKind.ASSOCIATION,
        "forening",
        _("Henvis fra en forening"),
        choice=_("Forening"),
        choice_hint=_("Du er med som frivillig eller ansat."),
        workplace=(_("Forening"), _("Skriv navnet på foreningen")),
    ),
    _form(
        ReferralKind.EDUCATION,
        "uddannelse",
        _("Henvis fra et uddannelsessted"),
        choice=_("Skole eller studie"),
        choice_hint=_("Du er lærer, vejleder eller mentor."),
        workplace=(_("Uddannelsessted"), _("Skriv navnet på uddannelsesstedet")),
        situation_hint=_("For eksempel sygemeldt, på orlov eller stoppet på studiet."),
    ),
    _form(
        ReferralKind.OTHER_PROFESSIONAL,
        "anden",
        _("Henvis en borger"),
        choice=_("Et andet sted"),
        choice_hint=_("Du kan også bruge denne, når du er i tvivl."),
    ),
)

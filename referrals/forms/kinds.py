"""What differs between the forms people arrive by, in one place: sections, words, what must be filled in.

The fields themselves stand once, in arrival.py; a kind names those it asks for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from outreach.enums import OrganisationKind
from referrals.enums import HeardAbout, Intake, ReferralKind

if TYPE_CHECKING:  # a text that may be translated when it is shown
    from django.utils.functional import _StrOrPromise as Text


@dataclass(frozen=True)
class Wording:
    """How one field is asked: its label, a hint, and what to do when a required one is left empty.

    `required` is said by `missing` being there.
    """

    label: "Text"
    hint: "Text" = ""
    missing: "Text" = ""
    autocomplete: str = "off"


@dataclass(frozen=True)
class SectionSpec:
    """A group of questions; a tuple of names within `rows` stands on one line where there is room."""

    legend: "Text"
    rows: tuple[str | tuple[str, ...], ...]
    hint: "Text" = ""

    @property
    def names(self) -> tuple[str, ...]:
        flat: list[str] = []
        for row in self.rows:
            flat += [row] if isinstance(row, str) else row
        return tuple(flat)


@dataclass(frozen=True)
class FormKind:
    """One form: its address, its headings and its questions."""

    kind: ReferralKind
    path: str
    heading: "Text"
    lead: "Text"
    send: "Text"
    no_contact: "Text"
    sections: tuple[SectionSpec, ...]
    wording: Mapping[str, Wording]
    heard_about: tuple[HeardAbout, ...] = ()
    # How the kind stands on the page where one chooses, and which partners belong to it.
    choice: "Text" = ""
    choice_hint: "Text" = ""
    organisation_kind: OrganisationKind | None = None
    organisation_kinds: tuple[OrganisationKind, ...] = ()
    # What the coordinator's own form lets choose between.
    intakes: tuple[Intake, ...] = ()
    kinds: tuple[ReferralKind, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every field of the form, in order."""
        return tuple(name for section in self.sections for name in section.names)

    @property
    def by_professional(self) -> bool:
        return "referrer_name" in self.names


# --- Words that professionals read, whoever they are ---------------------------------------------

_PROFESSIONAL: dict[str, Wording] = {
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
    "considerations": Wording(
        _("Er der noget, vi skal tage hensyn til?"),
        _("For eksempel trapper, høreapparat, transport, eller at store grupper er svære."),
    ),
    "criteria_met": Wording(
        _("Hvad passer på borgeren?"),
        _("Sæt hak ved det, du ved. Du kan altid sende, også når ikke alt passer. Resten taler vi om."),
    ),
    "agreed": Wording(
        _("Borgeren har sagt ja til at blive henvist"),
        missing=_("Tal med borgeren først. Sæt hak her, når borgeren har sagt ja til at blive henvist"),
    ),
    "feedback_allowed": Wording(
        _("Borgeren har sagt ja til, at jeg hører, hvordan det går"),
        _("Så kan du se, hvor langt borgeren er. Du ser aldrig svar eller noter."),
    ),
    "referrer_name": Wording(_("Dit navn"), missing=_("Skriv dit navn"), autocomplete="name"),
    "referrer_title": Wording(_("Din stilling"), autocomplete="organization-title"),
    "referrer_workplace": Wording(
        _("Arbejdssted"), missing=_("Skriv, hvor du arbejder"), autocomplete="organization"
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

_CITIZEN = SectionSpec(
    _("Borgeren"),
    (
        ("given_name", "family_name"),
        ("phone", "email"),
        ("birth_year", "postcode"),
        "contact_wishes",
    ),
    _("Skriv telefon eller e-mail, gerne begge. Skriv ikke CPR-nummer."),
)
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
_NO_CITIZEN_CONTACT = _("Skriv borgerens telefonnummer eller e-mail, så vi kan få fat i borgeren")
_HEARD_BY_PROFESSIONALS = (
    HeardAbout.COLLEAGUE,
    HeardAbout.VISIT,
    HeardAbout.PARTICIPANT,
    HeardAbout.POSTER,
    HeardAbout.WEB,
    HeardAbout.PAPER,
    HeardAbout.OTHER,
)
_HEARD_BY_CITIZENS = (
    HeardAbout.JOBCENTRE,
    HeardAbout.DOCTOR,
    HeardAbout.FRIEND,
    HeardAbout.PARTICIPANT,
    HeardAbout.POSTER,
    HeardAbout.WEB,
    HeardAbout.PAPER,
    HeardAbout.OTHER,
)


def _why(*more: str) -> SectionSpec:
    return SectionSpec(_("Hvorfor henviser du?"), ("reason", *more, "considerations", "criteria_met"))


# --- The forms -----------------------------------------------------------------------------------

JOBCENTRE = FormKind(
    kind=ReferralKind.JOBCENTRE,
    path="jobcenter",
    heading=_("Henvis fra jobcenteret"),
    lead=_("Det tager cirka to minutter."),
    send=_("Send henvisningen"),
    no_contact=_NO_CITIZEN_CONTACT,
    choice=_("Jobcenteret"),
    choice_hint=_("Du er sagsbehandler, mentor eller virksomhedskonsulent."),
    sections=(_CITIZEN, _why("situation"), _AGREEMENT, _YOU),
    wording={
        **_PROFESSIONAL,
        "situation": Wording(
            _("Borgerens situation"), _("For eksempel sygedagpenge, kontanthjælp eller jobafklaring.")
        ),
        "referrer_workplace": Wording(
            _("Jobcenter"),
            missing=_("Skriv, hvilket jobcenter du arbejder på"),
            autocomplete="organization",
        ),
    },
    heard_about=_HEARD_BY_PROFESSIONALS,
    organisation_kind=OrganisationKind.JOBCENTRE,
)

GP = FormKind(
    kind=ReferralKind.GP,
    path="laege",
    heading=_("Henvis fra almen praksis"),
    lead=_("Det tager cirka to minutter."),
    send=_("Send henvisningen"),
    no_contact=_NO_CITIZEN_CONTACT,
    choice=_("Almen praksis"),
    choice_hint=_("Du er læge, sygeplejerske eller sekretær i en praksis."),
    sections=(_CITIZEN, _why(), _AGREEMENT, _YOU),
    wording={
        **_PROFESSIONAL,
        "reason": Wording(
            _("Hvorfor tænker du på borgeren?"),
            _("Et par linjer er nok. Skriv ikke diagnoser eller medicin. Vi har ikke brug for det."),
            missing=_("Skriv kort, hvorfor du tænker på borgeren"),
        ),
        "referrer_workplace": Wording(
            _("Praksis"), missing=_("Skriv navnet på praksis"), autocomplete="organization"
        ),
    },
    heard_about=_HEARD_BY_PROFESSIONALS,
    organisation_kind=OrganisationKind.GP,
)

OTHER_PROFESSIONAL = FormKind(
    kind=ReferralKind.OTHER_PROFESSIONAL,
    path="anden",
    heading=_("Henvis en borger"),
    lead=_("Det tager cirka to minutter."),
    send=_("Send henvisningen"),
    no_contact=_NO_CITIZEN_CONTACT,
    choice=_("Et andet sted"),
    choice_hint=_("Du er for eksempel psykolog, boligsocial medarbejder, lærer eller frivillig."),
    sections=(
        _CITIZEN,
        _why(),
        _AGREEMENT,
        SectionSpec(_YOU.legend, (*_YOU.rows[:1], "organisation_kind", *_YOU.rows[1:])),
    ),
    wording={
        **_PROFESSIONAL,
        "organisation_kind": Wording(_("Hvad er det for et sted?")),
        "referrer_workplace": Wording(
            _("Stedets navn"), missing=_("Skriv, hvor du arbejder"), autocomplete="organization"
        ),
    },
    heard_about=_HEARD_BY_PROFESSIONALS,
    organisation_kinds=(
        OrganisationKind.MUNICIPALITY,
        OrganisationKind.PSYCHOLOGIST,
        OrganisationKind.UNION,
        OrganisationKind.HOUSING,
        OrganisationKind.ASSOCIATION,
        OrganisationKind.EDUCATION,
        OrganisationKind.OTHER,
    ),
)

SELF = FormKind(
    kind=ReferralKind.SELF,
    path="",
    heading=_("Tilmeld dig"),
    lead=_("Skriv, hvordan vi får fat i dig. Så ringer vi og taler med dig om det."),
    send=_("Send tilmeldingen"),
    no_contact=_("Skriv dit telefonnummer eller din e-mail, så vi kan få fat i dig"),
    sections=(
        SectionSpec(
            _("Dig"),
            (("given_name", "family_name"), ("phone", "email"), "contact_wishes"),
            _("Skriv telefon eller e-mail, gerne begge. Skriv ikke dit CPR-nummer."),
        ),
        SectionSpec(
            _("Lidt mere, hvis du har lyst"),
            ("reason", "considerations", ("birth_year", "postcode"), "heard_about"),
            _("Du kan springe det over. Vi kan også tale om det i telefonen."),
        ),
    ),
    wording={
        "given_name": Wording(_("Fornavn"), missing=_("Skriv dit fornavn"), autocomplete="given-name"),
        "family_name": Wording(_("Efternavn"), missing=_("Skriv dit efternavn"), autocomplete="family-name"),
        "phone": Wording(_("Telefon"), autocomplete="tel"),
        "email": Wording(_("E-mail"), autocomplete="email"),
        "contact_wishes": Wording(
            _("Hvornår må vi ringe?"), _("For eksempel: om formiddagen, eller send en sms først.")
        ),
        "reason": Wording(_("Hvad håber du at få ud af det?"), _("Skriv med dine egne ord.")),
        "considerations": Wording(
            _("Skal vi tage hensyn til noget?"),
            _("For eksempel trapper, tolk, eller at store grupper er svære."),
        ),
        "birth_year": Wording(_("Hvilket år er du født?"), _("For eksempel 1975"), autocomplete="bday-year"),
        "postcode": Wording(_("Postnummer"), _("For eksempel 6700"), autocomplete="postal-code"),
        "heard_about": Wording(_("Hvor hørte du om os?")),
    },
    heard_about=_HEARD_BY_CITIZENS,
)

# The coordinator's own: someone is on the telephone or a letter lies on the desk. Under a minute.
REGISTRATION = FormKind(
    kind=ReferralKind.COORDINATOR,
    path="ny",
    heading=_("Registrér en henvendelse"),
    lead=_("Når nogen ringer, skriver eller kommer forbi."),
    send=_("Gem henvendelsen"),
    no_contact=_("Skriv et telefonnummer eller en e-mail, så du kan få fat i personen"),
    sections=(
        SectionSpec(_("Henvendelsen"), (("intake", "kind"),)),
        SectionSpec(
            _("Personen"),
            (
                ("given_name", "family_name"),
                ("phone", "email"),
                ("birth_year", "postcode"),
                "reason",
                "contact_wishes",
                "heard_about",
            ),
        ),
        SectionSpec(
            _("Henviseren"),
            (
                ("referrer_name", "referrer_workplace"),
                ("referrer_email", "referrer_phone"),
                "agreed",
                "feedback_allowed",
            ),
            _("Spring over, hvis personen selv har henvendt sig."),
        ),
    ),
    wording={
        "intake": Wording(
            _("Hvordan kom henvendelsen?"), missing=_("Vælg, hvordan henvendelsen kom til dig")
        ),
        "kind": Wording(_("Hvem kom den fra?"), missing=_("Vælg, hvem henvendelsen kom fra")),
        "given_name": Wording(_("Fornavn"), missing=_("Skriv personens fornavn")),
        "family_name": Wording(_("Efternavn"), missing=_("Skriv personens efternavn")),
        "phone": Wording(_("Telefon")),
        "email": Wording(_("E-mail")),
        "birth_year": Wording(_("Fødselsår")),
        "postcode": Wording(_("Postnummer")),
        "reason": Wording(_("Hvad blev der sagt?"), _("Skriv ikke CPR-nummer.")),
        "contact_wishes": Wording(_("Ønsker til kontakt")),
        "heard_about": Wording(_("Hvor hørte de om os?")),
        "referrer_name": Wording(_("Henviserens navn")),
        "referrer_workplace": Wording(_("Arbejdssted")),
        "referrer_email": Wording(_("Henviserens e-mail")),
        "referrer_phone": Wording(_("Henviserens telefon")),
        "agreed": Wording(_("Borgeren har sagt ja til at blive henvist")),
        "feedback_allowed": Wording(_("Henviseren må høre, hvordan det går")),
    },
    heard_about=tuple(HeardAbout),
    intakes=(Intake.PHONE, Intake.MEETING, Intake.PAPER, Intake.XREF15),
    kinds=(
        ReferralKind.SELF,
        ReferralKind.JOBCENTRE,
        ReferralKind.GP,
        ReferralKind.OTHER_PROFESSIONAL,
        ReferralKind.COORDINATOR,
    ),
)

PROFESSIONAL_KINDS = (JOBCENTRE, GP, OTHER_PROFESSIONAL)
BY_PATH = {spec.path: spec for spec in PROFESSIONAL_KINDS}
BY_KIND = {spec.kind: spec for spec in (*PROFESSIONAL_KINDS, SELF)}

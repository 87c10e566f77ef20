"""The citizen's own form, read on a telephone, from a poster."""

from django.utils.translation import gettext_lazy as _

from referrals.agreement_texts import agreement_texts
from referrals.enums import HeardAbout, ReferralKind
from referrals.forms.kinds.spec import FormKind, SectionSpec, Wording

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
            ("reason", "considerations", ("birth_year", "postcode"), "heard_about", "later_contact"),
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
        "later_contact": Wording(
            agreement_texts().later_contact, _("Du kan altid sige nej igen. Det koster dig ikke noget.")
        ),
    },
    procedure=(
        _("Du skriver til os."),
        _("Vi ringer til dig inden for få dage."),
        _("Vi taler om, hvad du har lyst til."),
        _("Du får plads på et hold, hvis det passer til dig."),
    ),
    heard_about=(
        HeardAbout.JOBCENTRE,
        HeardAbout.DOCTOR,
        HeardAbout.FRIEND,
        HeardAbout.PARTICIPANT,
        HeardAbout.POSTER,
        HeardAbout.WEB,
        HeardAbout.PAPER,
        HeardAbout.OTHER,
    ),
)

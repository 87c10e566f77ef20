"""The coordinator's own form: someone is on the telephone or a letter lies on the desk. Under a minute."""

from django.utils.translation import gettext_lazy as _

from referrals.agreement_texts import agreement_texts
from referrals.enums import HeardAbout, Intake, ReferralKind
from referrals.forms.kinds.professionals import PROFESSIONAL_KINDS
from referrals.forms.kinds.spec import FormKind, SectionSpec, Wording

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
        "agreed": Wording(agreement_texts().referred),
        "feedback_allowed": Wording(agreement_texts().feedback_noted),
    },
    heard_about=tuple(HeardAbout),
    intakes=(Intake.PHONE, Intake.MEETING, Intake.PAPER, Intake.XREF15),
    kinds=(ReferralKind.SELF, *(spec.kind for spec in PROFESSIONAL_KINDS), ReferralKind.COORDINATOR),
)
